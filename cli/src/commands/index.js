/** The whole command line: every command, and the options that all of them take. */
import {exportCommands} from './export.js';
import {importCommands} from './import.js';
import {jobCommands} from './job.js';
import {shopCommands} from './shop.js';

export const COMMANDS = {...shopCommands, ...exportCommands, ...importCommands, ...jobCommands};

export const GLOBAL = {
  shop: {
    type: 'string', value: '<shop>', summary: 'the connected shop to use instead of the one in use',
  },
  url: {type: 'string', value: '<address>', summary: "the server's address"},
  json: {type: 'boolean', summary: "print the API's answer as JSON"},
  help: {type: 'boolean', short: 'h', summary: 'explain the command'},
  version: {type: 'boolean', summary: 'print the version'},
};

/** The first words of the commands: shop, export, import, job. */
export const groups = () => [...new Set(Object.keys(COMMANDS).map((name) => name.split(' ')[0]))];
