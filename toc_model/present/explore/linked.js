// Shares that add up to one: moving one scales the others in proportion, as the command does.

// Shares after one of them was moved; where all others are nil, they take what is left in equal parts.
export function linkedShares(shares, moved, share) {
  const kept = Math.min(Math.max(share, 0), 1);
  const others = shares.reduce((sum, one, place) => (place === moved ? sum : sum + one), 0);
  const left = 1 - kept;
  const equal = shares.length > 1 ? left / (shares.length - 1) : 0;
  const found = shares.map((one, place) => {
    if (place === moved) return shares.length > 1 ? kept : 1;
    return others > 0 ? one * (left / others) : equal;
  });
  return summingToOne(found, moved);
}

// Rounded to a millionth of the whole, with what that leaves in the largest of the others.
function summingToOne(shares, moved) {
  const rounded = shares.map((one) => Math.round(one * 1e6));
  const missing = 1e6 - rounded.reduce((sum, one) => sum + one, 0);
  if (missing) {
    const takes = rounded.reduce(
      (best, one, place) => (place !== moved && (best < 0 || one > rounded[best]) ? place : best),
      -1,
    );
    rounded[takes < 0 ? moved : takes] += missing;
  }
  return rounded.map((one) => one / 1e6);
}

// The variables of a lever that add up to one, as lists of places in its flat values.
export function linkedGroups(lever) {
  const groups = new Map();
  lever.variables.forEach((variable, place) => {
    if (!groups.has(variable.group)) groups.set(variable.group, []);
    groups.get(variable.group).push(place);
  });
  return [...groups].map(([label, places]) => ({ label, places }));
}

// Values of a lever after one of its variables was moved.
export function movedValues(lever, values, place, wanted) {
  if (!lever.sums) return values.map((one, other) => (other === place ? wanted : one));
  const group = linkedGroups(lever).find(({ places }) => places.includes(place)).places;
  const row = linkedShares(
    group.map((other) => values[other]),
    group.indexOf(place),
    wanted,
  );
  return values.map((one, other) => (group.includes(other) ? row[group.indexOf(other)] : one));
}
