/**
 * Measures each of `subjects`: in every other round from the last to the first, so that a machine that gets slower or
 * faster meanwhile is so for all of them alike. What was measured, in the order of `subjects`.
 */
export async function inTurn<Subject, Measured>(
  subjects: readonly Subject[],
  round: number,
  measure: (subject: Subject) => Promise<Measured>,
): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const subject of isBackward(round) ? subjects.toReversed() : subjects) measured.push(await measure(subject));
  return isBackward(round) ? measured.toReversed() : measured;
}

const isBackward = (round: number): boolean => round % 2 === 1;
