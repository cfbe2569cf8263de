/** What `doctor` looks at: all that must be right before a command can work. */
import {access, constants, readFile, stat} from 'node:fs/promises';
import {dirname} from 'node:path';

import {readShops, shopsFile} from './config.js';
import {apiFor, connect, entryFor, urlFor, wanted} from './connection.js';
import {CliError, EXIT} from './errors.js';
import {fullTime, plural} from './text.js';
import {proxyFor} from './transport.js';
import {VERSION} from './version.js';
import {workloadOf} from './workload.js';

const OLDEST_NODE = 20;
const CLOCK_MAY_DIFFER = 60; // seconds
const SOON = 14; // days

/** Returns findings, {name, state: ok, warning or problem, text, exit}, in order. */
export async function diagnose(context) {
  const found = [];
  const tell = (name, state, text, exit = EXIT.failed) => found.push({name, state, text, exit});
  const check = async (name, look) => {
    try {
      await look((state, text) => tell(name, state, text));
    } catch (error) {
      if (context.signal.aborted || !(error instanceof CliError || error.syscall)) throw error;
      tell(name, 'problem', error.message, error.exit);
    }
  };

  tell('Altera', 'ok', `${VERSION} on ${process.platform} ${process.arch}`);
  const node = process.versions.node;
  const recent = Number.parseInt(node, 10) >= OLDEST_NODE;
  tell('Node', recent ? 'ok' : 'problem', recent ? node : `${node} is too old: install Node 20 or newer`);
  await check('Settings', (say) => settings(context, say));
  await check('Certificates', (say) => certificates(context, say));

  let [url, key] = [null, null];
  await check('Proxy', async (say) => {
    url = await serverOf(context);
    const proxy = proxyFor(context.env, url);
    say('ok', proxy ?? (proxyNamed(context.env) ? 'none for this server (NO_PROXY)' : 'none'));
  });
  if (!url) return found;
  await check('Server', async (say) => {
    const {date, version} = await reach(context, url);
    say('ok', `${url}${version ? `, API ${version}` : ''}`);
    clock(date, tell);
  });
  if (found.at(-1).name === 'Server' && found.at(-1).state === 'problem') return found;
  await check('Key', async (say) => {
    const api = await connect(context);
    key = await api.get('/key');
    const profile = api.profile ? `, profile ${api.profile}` : '';
    say('ok', `${key.name} (${key.preview}) of ${key.shop.domain}, from ${api.source}${profile}`);
  });
  if (key) permissions(key, tell);
  return found;
}

async function settings(context, say) {
  const file = shopsFile(context.env);
  const {shops} = await readShops(context);
  const number = Object.keys(shops).length;
  const there = await stat(file).catch(() => null);
  if (!there) return say('ok', `${file} does not exist yet`);
  await access(dirname(file), constants.W_OK);
  say('ok', `${file} (${plural(number, 'shop')})`);
}

async function certificates({env}, say) {
  const file = env.NODE_EXTRA_CA_CERTS;
  if (!file) return say('ok', "Node's own");
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return say('problem', `NODE_EXTRA_CA_CERTS names ${file}, which cannot be read`);
  const number = text.match(/-----BEGIN (TRUSTED )?CERTIFICATE-----/g)?.length ?? 0;
  if (!number) return say('problem', `NODE_EXTRA_CA_CERTS names ${file}, which has no certificate`);
  say('ok', `Node's own and ${plural(number, 'certificate')} of ${file} (NODE_EXTRA_CA_CERTS)`);
}

/** The server that a command would speak to. */
async function serverOf(context) {
  const kept = await readShops(context);
  const wants = wanted(context);
  const workload = context.env.ALTERA_API_KEY || wants.typed && wants.profile ? null : workloadOf(context.env);
  if (workload) return workload.url;
  const name = wants.profile && !Object.hasOwn(kept.shops, wants.profile) ? null : entryFor(wants, kept);
  return urlFor(context, name === null ? undefined : kept.shops[name]);
}

const proxyNamed = ({HTTPS_PROXY, https_proxy: lower, HTTP_PROXY, http_proxy: other}) =>
  HTTPS_PROXY || lower || HTTP_PROXY || other;

/** What the server says without a key: its version, and the time of its clock. */
async function reach(context, url) {
  const api = apiFor(context, url, '');
  const response = await api.open('/openapi.json');
  const {info} = await response.json().catch(() => ({}));
  return {date: response.headers.get('date'), version: info?.version};
}

function clock(date, tell) {
  if (!date) return;
  const seconds = Math.round((Date.now() - Date.parse(date)) / 1000);
  const off = Math.abs(seconds);
  if (off <= CLOCK_MAY_DIFFER) return tell('Clock', 'ok', "agrees with the server's");
  tell('Clock', 'warning', `${off} seconds ${seconds > 0 ? 'ahead of' : 'behind'} the server's: ` +
    'correct it, or certificates and --updated-since may fail');
}

function permissions({permissions: may, expires_at: expires}, tell) {
  const each = ['export', 'import'].map((action) =>
    `${action} ${may[action].length ? may[action].join(', ') : 'nothing'}`);
  tell('Permissions', may.export.length + may.import.length ? 'ok' : 'warning', `may ${each.join('; ')}`);
  if (!expires) return tell('Expiry', 'ok', 'never');
  const days = (Date.parse(expires) - Date.now()) / 86_400_000;
  tell('Expiry', days < SOON ? 'warning' : 'ok', fullTime(expires));
}
