/** An LDAP directory as an application sees it: it asks whether a password is somebody's, and what is known of them. */
import { distinguishedName, findSlapd, startSlapd, type DirectoryServer, type Person } from "./slapd.ts";

const TIMEOUT_MS = 5000;

/** What the application knows of somebody whose password was right. */
export interface KnownPerson {
  readonly name: string;
  readonly awsRole: string | undefined;
}

/** The directory's refusal, in the words of OpenLDAP's tools. */
class LdapRefusal extends Error {
  override readonly name: string;
  constructor({ code, name, message }: { readonly code: number; readonly name: string; readonly message: string }) {
    super(message.replace(/ ?Code: 0x[0-9a-f]+$/, "") || name.replace(/Error$/, ""));
    this.name = `LDAP error ${code}`;
  }
}

export class Directory implements AsyncDisposable {
  readonly #server: DirectoryServer;

  private constructor(server: DirectoryServer) {
    this.#server = server;
  }

  /** `undefined` where the machine has no `slapd`. */
  static async start(people: readonly Person[], folders?: readonly string[]): Promise<Directory | undefined> {
    const program = findSlapd(folders);
    return program === undefined ? undefined : new Directory(await startSlapd(program, people));
  }

  get url(): string {
    return this.#server.url;
  }

  /** The command of OpenLDAP that `signIn` equals. */
  commandFor(name: string, password: string): string {
    const dn = distinguishedName(name);
    return `ldapsearch -x -H ${this.url} -D ${dn} -w ${password} -b ${dn} awsRole`;
  }

  /**
   * Binds as somebody and reads their own entry.
   * @throws {LdapRefusal} 49 where the password is not theirs, or there is nobody of that name.
   */
  async signIn(name: string, password: string): Promise<KnownPerson> {
    const { Client, ResultCodeError } = await import("ldapts");
    const client = new Client({ url: this.url, timeout: TIMEOUT_MS, connectTimeout: TIMEOUT_MS });
    const dn = distinguishedName(name);
    try {
      await client.bind(dn, password);
      const { searchEntries } = await client.search(dn, { scope: "base", attributes: ["awsRole"] });
      const role = searchEntries[0]?.["awsRole"];
      return { name, awsRole: typeof role === "string" ? role : undefined };
    } catch (error) {
      throw error instanceof ResultCodeError ? new LdapRefusal(error) : error;
    } finally {
      await client.unbind();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.stop();
  }
}
