/** A browser, as far as signing in to the console takes one: it posts a form, keeps the cookie, and goes where it is sent. */
import { request, type IncomingMessage } from "node:http";
import { request as secureRequest } from "node:https";
import { text } from "node:stream/consumers";

const SIGN_IN_NAME = "signin.localhost";
const TIMEOUT_MS = 10_000;

/** What a page refused somebody with. */
class PageRefusal extends Error {
  override readonly name: string;
  constructor(status: number, words: string) {
    super(words);
    this.name = `HTTP ${status}`;
  }
}

export class Browser {
  readonly #endpoint: URL;
  #cookie = "";

  constructor(endpoint: string) {
    this.#endpoint = new URL(endpoint);
  }

  /** Where the console's sign-in is. */
  get signIn(): string {
    return `${this.#endpoint.protocol}//${SIGN_IN_NAME}:${this.#endpoint.port}`;
  }

  /**
   * The text of the page that the form leads to.
   * @throws {PageRefusal} where it is one of refusal.
   */
  async post(path: string, form: Readonly<Record<string, string>>): Promise<string> {
    const answer = await this.#send("POST", path, new URLSearchParams(form).toString());
    const { location } = answer.headers;
    return pageOf(location === undefined ? answer : await this.#send("GET", location));
  }

  /** The name need not be known to this machine's resolver: the address is the endpoint's. */
  #send(method: string, path: string, body = ""): Promise<IncomingMessage> {
    const { protocol, hostname, port } = this.#endpoint;
    const send = protocol === "https:" ? secureRequest : request;
    const headers = {
      host: `${SIGN_IN_NAME}:${port}`,
      "content-type": "application/x-www-form-urlencoded",
      ...(this.#cookie !== "" && { cookie: this.#cookie }),
    };
    return new Promise((resolve, reject) => {
      const sent = send({ hostname, port, method, path, headers, timeout: TIMEOUT_MS }, (answer) => {
        for (const cookie of answer.headers["set-cookie"] ?? []) this.#cookie = cookie.split(";", 1)[0] ?? "";
        resolve(answer);
      });
      sent.once("error", reject).once("timeout", () => sent.destroy(new Error("no answer")));
      sent.end(body);
    });
  }
}

async function pageOf(answer: IncomingMessage): Promise<string> {
  const page = await text(answer);
  const { statusCode = 500 } = answer;
  if (statusCode >= 400) throw new PageRefusal(statusCode, /<p>([^<]*)<\/p>/.exec(page)?.[1] ?? "");
  return page;
}
