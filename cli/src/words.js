/** The difference between two texts, word by word. */

const AROUND = 3; // words of the context that stay
const MOST = 400; // words that are compared one with another

/**
 * What differs with a few words around it. On a terminal what goes is red and what comes green;
 * elsewhere it stands in [-brackets-] and {+braces+}.
 */
export function differences(before, after, paint) {
  const parts = compared(before.split(' '), after.split(' '));
  const plain = paint('red', 'x') === 'x';
  const told = [];
  parts.forEach(({kind, words}, place) => {
    const text = words.join(' ');
    if (kind === 'gone') told.push(plain ? `[-${text}-]` : paint('red', text));
    else if (kind === 'new') told.push(plain ? `{+${text}+}` : paint('green', text));
    else told.push(shortened(words, place === 0, place === parts.length - 1));
  });
  return told.filter(Boolean).join(' ');
}

/** Common words without those that are far from any difference. */
function shortened(words, first, last) {
  const head = first ? 0 : AROUND;
  const tail = last ? 0 : AROUND;
  if (words.length <= head + tail + 1) return words.join(' ');
  return [...words.slice(0, head), '…', ...(tail ? words.slice(-tail) : [])].join(' ');
}

/** [{kind: 'same' | 'gone' | 'new', words}] */
function compared(before, after) {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < before.length - start && end < after.length - start &&
    before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const parts = new Parts();
  parts.add('same', before.slice(0, start));
  middle(parts, before.slice(start, before.length - end), after.slice(start, after.length - end));
  parts.add('same', end ? before.slice(-end) : []);
  return parts.all;
}

/** The longest common subsequence, unless the texts are too long for it. */
function middle(parts, before, after) {
  if (before.length > MOST || after.length > MOST) {
    parts.add('gone', before);
    return parts.add('new', after);
  }
  const longest = Array.from({length: before.length + 1}, () => new Uint16Array(after.length + 1));
  for (let one = before.length - 1; one >= 0; one -= 1) {
    for (let other = after.length - 1; other >= 0; other -= 1) {
      longest[one][other] = before[one] === after[other]
        ? longest[one + 1][other + 1] + 1
        : Math.max(longest[one + 1][other], longest[one][other + 1]);
    }
  }
  let [one, other] = [0, 0];
  while (one < before.length || other < after.length) {
    if (one < before.length && other < after.length && before[one] === after[other]) {
      parts.add('same', [before[one]]);
      one += 1;
      other += 1;
    } else if (other === after.length ||
      (one < before.length && longest[one + 1][other] >= longest[one][other + 1])) {
      parts.add('gone', [before[one]]);
      one += 1;
    } else {
      parts.add('new', [after[other]]);
      other += 1;
    }
  }
}

class Parts {
  all = [];

  add(kind, words) {
    if (!words.length) return;
    if (this.all.at(-1)?.kind === kind) this.all.at(-1).words.push(...words);
    else this.all.push({kind, words: [...words]});
  }
}
