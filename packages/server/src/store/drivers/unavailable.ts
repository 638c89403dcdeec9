/** Where a cloud shall keep its state, nothing can be kept. */
class StoreUnavailableError extends Error {
  override readonly name = "StoreUnavailableError";
  readonly remedy: string;

  constructor(message: string, { remedy, cause }: { readonly remedy: string; readonly cause: Error }) {
    super(message, { cause });
    this.remedy = remedy;
  }
}

export interface Place {
  /** As a person is told of it. */
  readonly name: string;
  readonly remedy: string;
}

/**
 * What `open` opens.
 *
 * @throws {StoreUnavailableError} where the system, the file or the database refuses
 */
export async function openAt<Opened>(place: Place, open: () => Promise<Opened>): Promise<Opened> {
  try {
    return await open();
  } catch (error) {
    // what the system, SQLite and PostgreSQL say has a code; what we say of ourselves has a remedy already
    if (!(error instanceof Error && "code" in error) || "remedy" in error) throw error;
    const { name, remedy } = place;
    throw new StoreUnavailableError(`${name} cannot be used: ${error.message}`, { remedy, cause: error });
  }
}
