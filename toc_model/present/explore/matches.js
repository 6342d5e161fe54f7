// Finding things by words.

// Those in whose texts all words of a query stand, the ones whose first text has them before the others; none for none.
export function rankedMatches(things, query, textsOf) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const ranked = things.map((thing) => ({
    thing,
    rank: rankOf(
      textsOf(thing).map((text) => text.toLowerCase()),
      words,
    ),
  }));
  return ranked
    .filter(({ rank }) => rank < Infinity)
    .sort((one, other) => one.rank - other.rank)
    .map(({ thing }) => thing);
}

function rankOf(texts, words) {
  if (!words.every((word) => texts.some((text) => text.includes(word)))) return Infinity;
  return texts.findIndex((text) => text.includes(words[0]));
}
