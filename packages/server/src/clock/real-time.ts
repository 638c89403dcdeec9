/** Real epoch milliseconds: for files, grace and signature dates, never for what AWS keeps time of. */
export const realNow = (): number => Date.now();
