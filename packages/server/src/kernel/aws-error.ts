/**
 * An error the caller is meant to see. Its HTTP status, fault and Query-protocol code are not
 * here: the service's model has them, or the service's declaration of the errors that its model
 * leaves out; the protocol looks them up by `code`.
 */
export class AwsError extends Error {
  readonly code: string;
  /** Further modelled members of the error's shape, by member name. */
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, fields: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = "AwsError";
    this.code = code;
    this.fields = fields;
  }
}

/** The error with further members. */
export const withFields = ({ code, message, fields }: AwsError, more: AwsError["fields"] | undefined): AwsError =>
  new AwsError(code, message, { ...fields, ...more });

/** What `work` is refused with; `undefined` where it is not. @throws what is no error of AWS's: that is a fault of ours */
export async function refusalOf(work: () => Promise<unknown>): Promise<AwsError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

/**
 * A refusal that leaves a mark: what the operation wrote before it stays, such as the count of wrong passwords.
 * All other errors undo the transaction that they end.
 */
export class MarkingRefusal extends AwsError {
  constructor({ code, message, fields }: AwsError) {
    super(code, message, fields);
  }
}
