/** The whole command line: every command, and the options that all of them take. */
import {exportCommands} from './export.js';
import {fileCommands} from './files.js';
import {importCommands} from './import.js';
import {jobCommands} from './job.js';
import {otherCommands} from './other.js';
import {shopCommands} from './shop.js';

export const COMMANDS = {
  ...shopCommands, ...exportCommands, ...importCommands, ...fileCommands, ...jobCommands,
  ...otherCommands,
};

export const GLOBAL = {
  shop: {
    type: 'string', value: '<shop>', summary: 'use this connected shop instead of the current one',
  },
  profile: {
    type: 'string', value: '<name>', summary: 'use the key that was added under this name',
  },
  url: {type: 'string', value: '<address>', summary: "the server's address"},
  json: {type: 'boolean', summary: 'print results, messages and errors as JSON'},
  quiet: {type: 'boolean', short: 'q', summary: 'print only warnings and errors'},
  help: {type: 'boolean', short: 'h', summary: 'show help for the command'},
  version: {type: 'boolean', summary: 'print the version'},
};

/** The first words of the commands that have two: shop, export, import, files, job. */
export const groups = () => [...new Set(Object.keys(COMMANDS)
  .filter((name) => name.includes(' ')).map((name) => name.split(' ')[0]))];
