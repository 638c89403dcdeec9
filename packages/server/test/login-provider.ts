/** A login provider on loopback, as honest or as broken as a test needs it. */
import { createServer } from "node:http";
import { onTestFinished } from "vitest";
import { assert } from "../src/kernel/assert.ts";

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly location?: string;
}

export interface TestLoginProvider {
  /** `http://127.0.0.1:40123/login`. */
  readonly url: string;
  /** What it answers, by path; 404 where nothing is said. */
  readonly answers: Map<string, Answer>;
  /** Paths and queries asked for so far. */
  readonly asked: { readonly path: string; readonly query: URLSearchParams }[];
  /** From now on nobody answers there. */
  close(): Promise<void>;
}

export async function testLoginProvider(): Promise<TestLoginProvider> {
  const answers: TestLoginProvider["answers"] = new Map();
  const asked: { readonly path: string; readonly query: URLSearchParams }[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams: query } = new URL(request.url ?? "", "http://localhost");
    const path = pathname.replace(/^\/login/, "");
    asked.push({ path, query });
    const { status, body, location } = answers.get(path) ?? { status: 404, body: "" };
    response.writeHead(status, location === undefined ? {} : { location }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  onTestFinished(close);
  const address = server.address();
  assert(typeof address === "object" && address !== null, "it listens");
  return { url: `http://127.0.0.1:${address.port}/login`, answers, asked, close };
}

/** Source: https://developer.amazon.com/docs/login-with-amazon/obtain-customer-profile.html */
export const AMAZON_ANSWER = {
  iss: "https://www.amazon.com",
  user_id: "amzn1.account.ANN",
  aud: "amzn1.application-oa2-client.c1",
  app_id: "amzn1.application.a1",
  exp: 818,
  iat: 1_475_349_936,
};

export const told = (body: object): Answer => ({ status: 200, body: JSON.stringify(body) });
