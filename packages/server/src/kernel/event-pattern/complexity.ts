/**
 * How much work wildcards can make: how many beginnings of them one text can match at once.
 * Source: https://github.com/aws/event-ruler#machine-complexity (what is counted, and the limit for a single rule);
 * https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events_patterns.snapshot.json
 * (recorded answers: eleven beginnings are refused, seven are not)
 */
const BEGINNINGS_MAX = 10;
/** As many sets of beginnings are looked at: far more than wildcards of a usual rule have. */
const SETS_MAX = 2000;

/** All other tokens are of one character. */
const STAR = "star";
const END = "end";

/** A wildcard: the texts between its stars. */
export type Wildcard = readonly string[];

/** Whether wildcards that are asked of one field are more than AWS takes. */
export function areTooComplex(wildcards: readonly Wildcard[]): boolean {
  const tokens = wildcards.flatMap(tokensOf);
  const starts = tokens.flatMap((_, place) => (place === 0 || tokens[place - 1] === END ? [place] : []));
  const first = withStars(starts, tokens);
  const seen = new Set([first.join()]);
  const open = [first];
  for (let set = open.pop(); set !== undefined && seen.size < SETS_MAX; set = open.pop()) {
    for (const next of followers(set, tokens)) {
      if (next.length > BEGINNINGS_MAX) return true;
      if (!seen.has(next.join())) open.push(next);
      seen.add(next.join());
    }
  }
  return false;
}

const tokensOf = (parts: Wildcard): string[] => [
  ...parts.flatMap((part, index) => [...(index === 0 ? [] : [STAR]), ...part.split("")]),
  END,
];

/** A beginning is told by the place of what follows it. One in front of a star goes with the one behind it. */
const withStars = (places: readonly number[], tokens: readonly string[]): readonly number[] =>
  [...new Set(places.flatMap((place) => (tokens[place] === STAR ? [place, place + 1] : [place])))].toSorted(
    (one, other) => one - other,
  );

/** The beginnings that match once one more character has come, for each character that makes a difference. */
function followers(places: readonly number[], tokens: readonly string[]): (readonly number[])[] {
  const behindStars = places.filter((place) => tokens[place - 1] === STAR);
  const characters = new Set(places.map((place) => tokens[place]).filter((token) => token?.length === 1));
  const sets = [...characters].map((character) => {
    const further = places.filter((place) => tokens[place] === character).map((place) => place + 1);
    return withStars([...behindStars, ...further], tokens);
  });
  return [withStars(behindStars, tokens), ...sets].filter((set) => set.length > 0);
}
