/** What an attacker hears. */

interface Refused {
  readonly name: string;
  readonly status: number | undefined;
  readonly message: string;
}

/** The refusal of a call that must not succeed. */
export async function refused(call: Promise<unknown>): Promise<Refused> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const metadata: { readonly httpStatusCode?: number } | undefined = Reflect.get(error, "$metadata");
    return { name: error.name, status: metadata?.httpStatusCode, message: error.message };
  }
  throw new Error("the call succeeded");
}
