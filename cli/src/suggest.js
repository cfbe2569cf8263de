/** “Did you mean …?” for a word that is none of those that there are. */

/** A sentence with the nearest of the words, or an empty text when none is near. */
export function didYouMean(typed, words) {
  const ranked = words
    .map((word) => ({word, distance: distance(typed.toLowerCase(), word.toLowerCase())}))
    .sort((a, b) => a.distance - b.distance);
  const [{word, distance: changes} = {}] = ranked;
  return word && changes <= Math.max(1, Math.floor(word.length / 3)) ? ` Did you mean “${word}”?` : '';
}

/** How many letters must be put in, left out, replaced or swapped with the next (Damerau). */
function distance(a, b) {
  const rows = Array.from({length: a.length + 1}, (_, i) => [i]);
  for (let j = 1; j <= b.length; j += 1) rows[0][j] = j;
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      rows[i][j] = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
      }
    }
  }
  return rows[a.length][b.length];
}
