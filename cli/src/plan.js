/** A plan as a careful person wants to see it: counts first, then what is risky, then the rest. */
import {linesOf} from './lines.js';
import {cut, widthOf, wrap} from './terminal.js';
import {count, oneLine, plural} from './text.js';
import {differences} from './words.js';

const SHOWN = 20; // objects, and cells of each kind of risk
const SHOWN_CELLS = 6; // of one object
const SHOWN_WARNINGS = 3; // of one object
const LONG = 40; // characters, from which a text is shown as a difference of words
const WIDEST = 60; // columns of a value
const NARROW = 80;
const BLANK = '(blank)';
const PRICE = /^(Variant Price|Variant: Price|Price \/ .+)$/;
const STOCK = /^(Variant Inventory Qty|Inventory (Available|On Hand): .+)$/;
const VISIBILITY = /^(Status|Published|Published: .+)$/;
const VISIBLE = ['active', 'true'];
const STYLES = {create: 'green', update: 'yellow', delete: 'red', failed: 'red'};
const DONE = {
  created: 'created', updated: 'updated', deleted: 'deleted', unchanged: 'unchanged',
  skipped: 'skipped', failed: 'failed',
};

/** What a limit counts, in words: `12 objects are deleted`. */
export const LIMITS = {
  deletes: (number) => `${plural(number, 'object')} deleted`,
  prices: (number) => `${plural(number, 'price')} lowered by more than half, or to 0`,
  stock: (number) => `${plural(number, 'stock level')} set to 0`,
  unpublished: (number) => `${plural(number, 'object')} unpublished or archived`,
  blanks: (number) => `${plural(number, 'cell')} of one column emptied`,
  replaced: (number) => `${plural(number, 'object')} losing values or members by REPLACE`,
  pending: (number) => `${plural(number, 'customer')} whom Shopify may ask by mail to confirm marketing`,
  refunds: (number) => `${plural(number, 'order')} for which the customer gets money back`,
};

/** What no undo takes back, by the plan's word for it. */
const FINAL = {
  cancel: (number) => `cancel ${plural(number, 'order')}`,
  complete: (number) => `make orders of ${plural(number, 'draft order')}`,
  edit: (number) => `edit lines of ${plural(number, 'order')}`,
  pay: (number) => `pay ${plural(number, 'order')}`,
  refund: (number) => `refund ${plural(number, 'order')}`,
  mail: (number) => `write to ${plural(number, 'customer')}`,
};

/** `3 customers will get an email` of a plan; empty when nobody does. */
export const mailsOf = ({mails}) => (mails ? `${plural(mails, 'customer')} will get an email` : '');

/** Yields the lines of an import's plan as they arrive: of `all` objects, or of those that change. */
export async function* planLines(api, path, {all = false} = {}) {
  const response = await api.open(`${path}/plan${all ? '' : '?only=changes'}`, {accept: '*/*'});
  yield* linesOf(response, 'The plan');
}

/** `2 created, 1 updated` of a plan. */
export const countsOf = (plan) => Object.keys(DONE)
  .filter((name) => plan[name])
  .map((name) => `${count(plan[name])} ${name}`)
  .join(', ') || 'nothing to do';

/** What the plan leaves or takes away, in sentences. */
export function remarks(plan, {applied = false} = {}) {
  const told = [];
  const {blanks_kept: blanks, not_undoable: lost = []} = plan;
  if (blanks) {
    told.push(`${plural(blanks, 'blank cell')} left as ${blanks === 1 ? 'it is' : 'they are'}; ` +
      '`--blank clear` would empty them.');
  }
  const mails = mailsOf(plan);
  if (mails && !applied) told.push(`${mails}.`);
  const final = lost.filter(({action}) => action in FINAL);
  if (final.length && !applied) {
    told.push(`No undo can take back: ${final.map(({action, count: number}) => FINAL[action](number)).join(', ')}.`);
  }
  const deletes = lost.find(({action}) => action === 'delete');
  if (deletes) {
    told.push(`An undo would bring ${plural(deletes.count, 'deleted object')} back under new IDs.`);
  }
  return told;
}

/** Whether anything would be written. */
export const changes = ({created, updated, deleted}) => created + updated + deleted;

/** Print the plan of `job`, whose lines come from `lines`. */
export async function printPlan({write, paint, columns}, job, lines) {
  const width = Math.min(columns ?? NARROW, 100);
  const view = new View(job, paint, width);
  for await (const line of lines) view.add(JSON.parse(line));
  view.lines().forEach((line) => write(line));
}

class View {
  #deletes = new Group('Deletes');
  #prices = new Group('Prices that fall, the largest moves first', (item) => -item.part);
  #rises = new Group('Prices that rise, the largest moves first', (item) => -item.part);
  #stock = new Group('Stock that goes to 0');
  #hidden = new Group('Unpublished or archived');
  #failed = new Group('Fails');
  #rest = [];
  #more = 0;

  constructor(job, paint, width) {
    Object.assign(this, {job, paint, width});
  }

  add(object) {
    if (object.action === 'delete') return this.#deletes.add({object});
    if (object.action === 'failed') return this.#failed.add({object});
    let told = 0; // of its changes, those that are risky and shown as such
    for (const change of object.action === 'update' ? object.changes : []) {
      const moved = priceMove(change);
      const emptied = STOCK.test(change.column) && Number(change.before) > 0 && isZero(change.after);
      const hidden = VISIBILITY.test(change.column) && isVisible(change.before) &&
        !isVisible(change.after);
      if (moved || emptied || hidden) told += 1;
      if (moved) (moved.part < 0 ? this.#rises : this.#prices).add({object, change, ...moved, part: Math.abs(moved.part)});
      if (emptied) this.#stock.add({object, change});
      if (hidden) this.#hidden.add({object, change});
    }
    if (told && told === object.changes.length && !object.warnings.length) return;
    if (this.#rest.length < SHOWN) this.#rest.push(object);
    else this.#more += 1;
  }

  lines() {
    const {job: {id, plan}, paint} = this;
    const lines = [paint('bold', `Plan ${id}: ${countsOf(plan)}`)];
    lines.push(...remarks(plan).map((remark) => wrap(`  ${remark}`, this.width, '  ')));
    for (const {limit, count: number, earlier} of plan.limits ?? []) {
      const before = earlier ? `, ${count(earlier)} more in the last hour` : '';
      lines.push(paint('red', `  Limit: ${(LIMITS[limit] ?? String)(number)}${before}`));
    }
    for (const group of [
      this.#deletes, this.#prices, this.#rises, this.#stock, this.#hidden, this.#failed,
    ]) {
      if (!group.size) continue;
      lines.push('', paint('bold', `${group.heading} (${count(group.size)})`));
      lines.push(...group.items.flatMap((item) => this.#risk(item)));
      if (group.size > group.items.length) lines.push(this.#others(group.size - group.items.length));
    }
    if (this.#rest.length) {
      lines.push('', paint('bold', 'Changes'));
      lines.push(...this.#rest.flatMap((object) => this.#object(object)));
      if (this.#more) lines.push(this.#others(this.#more));
    }
    return lines;
  }

  #others(number) {
    return `  … and ${count(number)} more: altera import show ${this.job.id} --output plan.xlsx`;
  }

  /** A line for an object, or for the one of its cells that is risky. */
  #risk({object, change, percent}) {
    if (!change) {
      const why = object.warnings.map(oneLine).join(' ');
      const head = `  ${this.#name(object)}`;
      return [object.action === 'failed' && why
        ? wrap(`${head}  ${why}`, this.width, '    ') : this.#cut(head)];
    }
    const member = change.member ? ` ${oneLine(change.member)}` : '';
    const head = `  ${this.#name(object)}${member}`;
    const moved = `${this.#change(change)}${percent ? `  ${this.paint('red', percent)}` : ''}`;
    return [this.#cut(head), `    ${oneLine(change.column)}  ${moved}`];
  }

  #object(object) {
    const {paint} = this;
    const style = STYLES[object.action];
    const lines = [`  ${paint(style, object.action)}  ${this.#cut(this.#name(object), 10)}`];
    for (const change of object.changes.slice(0, SHOWN_CELLS)) {
      const member = change.member ? `${oneLine(change.member)}: ` : '';
      lines.push(`    ${member}${oneLine(change.column)}  ${this.#change(change)}`);
    }
    const more = object.changes.length - SHOWN_CELLS;
    if (more > 0) lines.push(`    … and ${plural(more, 'more cell')}`);
    lines.push(...object.warnings.slice(0, SHOWN_WARNINGS).map((text) =>
      wrap(`    ${oneLine(text)}`, this.width, '    ').split('\n')
        .map((line) => paint('yellow', line)).join('\n')));
    const untold = object.warnings.length - SHOWN_WARNINGS;
    if (untold > 0) lines.push(`    … and ${plural(untold, 'more warning')}`);
    return lines;
  }

  /** `row 2  /a`, with the type where an import has several. */
  #name({type, rows, key, id}) {
    const [first, ...others] = rows;
    const where = first === undefined ? '' : `row ${first}${others.length ? ` and ${others.length} more` : ''}  `;
    const what = this.job.types?.length > 1 ? `${type} ` : '';
    return `${where}${what}${oneLine(key || id || '')}`;
  }

  /** `old → new`; a long text as the words that differ. */
  #change({before, after}) {
    const {paint} = this;
    const long = Math.max(before.length, after.length) > LONG;
    if (before && after && long && before.trim().includes(' ')) {
      return differences(oneLine(before), oneLine(after), paint);
    }
    if (!before) return paint('green', this.#value(after));
    return `${paint('red', this.#value(before))} → ${paint('green', this.#value(after))}`;
  }

  #value(cell) {
    return cell === '' ? BLANK : cut(oneLine(cell), WIDEST);
  }

  #cut(text, less = 0) {
    return widthOf(text) > this.width - less ? cut(text, this.width - less) : text;
  }
}

/** A few of many: the first, or the least by `order`. */
class Group {
  size = 0;
  items = [];

  constructor(heading, order = null) {
    Object.assign(this, {heading, order});
  }

  add(item) {
    this.size += 1;
    this.items.push(item);
    if (this.order) this.items.sort((one, other) => this.order(one) - this.order(other));
    if (this.items.length > SHOWN) this.items.pop();
  }
}

function priceMove({column, before, after}) {
  if (!PRICE.test(column) || before === '' || after === '') return null;
  const [from, to] = [Number(before), Number(after)];
  if (!(from > 0) || !Number.isFinite(to) || from === to) return null;
  const part = (from - to) / from;
  const percent = Math.round(Math.abs(part) * 100);
  return {part, percent: `${part > 0 ? '-' : '+'}${count(percent)} %`};
}

const isZero = (cell) => cell !== '' && Number(cell) <= 0;
const isVisible = (cell) => VISIBLE.includes(cell.toLowerCase());
