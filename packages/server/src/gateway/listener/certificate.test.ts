import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer } from "node:tls";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadCertificate, type Certificate } from "./certificate.ts";

const DAY_MS = 86_400_000;
const now = new Date("2026-06-01T00:00:00Z");
const later = (days: number) => new Date(now.getTime() + days * DAY_MS);

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "certificate-"));
});
afterEach(() => rm(directory, { recursive: true }));

/** Connects as a client that trusts the authority alone, at today's real time. */
async function handshake({ key, cert, ca }: Certificate, servername: string): Promise<string> {
  const server = createServer({ key, cert }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: "127.0.0.1", servername, ca });
  try {
    await once(socket, "secureConnect");
    return socket.authorized ? "trusted" : String(socket.authorizationError);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    socket.destroy();
    server.close();
  }
}

test.each([
  "localhost",
  "s3.localhost",
  "payroll.s3.localhost",
  "sts.amazonaws.com",
  "iam.amazonaws.com",
  "payroll.s3.amazonaws.com",
  "sts.us-east-1.amazonaws.com",
  "payroll.s3.eu-central-1.amazonaws.com",
  "s3.dualstack.eu-central-1.amazonaws.com",
  "payroll.s3.dualstack.eu-central-1.amazonaws.com",
  "payroll.s3-fips.us-east-2.amazonaws.com",
  "point-000000000000.s3-accesspoint-fips.dualstack.us-east-2.amazonaws.com",
  "000000000000.s3-control.dualstack.eu-central-1.amazonaws.com",
  "payroll.s3-us-west-2.amazonaws.com",
  "signin.aws.amazon.com",
  "eu-west-1.signin.aws.amazon.com",
  "signin.localhost",
  "d-0123456789.awsapps.com",
  "shop.auth.us-east-1.amazoncognito.com",
  "shop.auth.us-east-1.amazoncognito.com.localhost",
])("a client that trusts the authority reaches %s", async (name) => {
  const certificate = await loadCertificate({ directory: undefined, now: new Date() });
  expect(await handshake(certificate, name)).toBe("trusted");
});

test("a client that trusts the authority is refused under a name that is not the cloud's", async () => {
  const certificate = await loadCertificate({ directory: undefined, now: new Date() });
  expect(await handshake(certificate, "example.com")).toContain("does not match certificate's altnames");
});

test("a client that does not know the authority trusts nothing", async () => {
  const [certificate, { ca }] = await Promise.all([
    loadCertificate({ directory: undefined, now: new Date() }),
    loadCertificate({ directory: undefined, now: new Date() }),
  ]);
  expect(await handshake({ ...certificate, ca }, "localhost")).not.toBe("trusted");
});

test("the authority cannot vouch for a name outside the cloud", async () => {
  const { issueAuthority, issueLeaf } = await import("./certificate-issue.ts");
  const authority = await issueAuthority(new Date());
  const leaf = await issueLeaf(authority, new Date(), ["example.com"]);
  const forged = { key: leaf.key, cert: leaf.certificate, ca: authority.certificate };
  expect(await handshake(forged, "example.com")).toContain("permitted subtree violation");
});

test("the certificate of a directory stays the same from start to start", async () => {
  const first = await loadCertificate({ directory, now });
  expect(await loadCertificate({ directory, now: later(1) })).toEqual(first);
});

test("an authority that knew fewer domains is replaced", async () => {
  const first = await loadCertificate({ directory, now });
  const { issueAuthority } = await import("./certificate-issue.ts");
  const older = await issueAuthority(now, ["localhost", "amazonaws.com"]);
  await writeFile(join(directory, "ca.pem"), older.certificate);
  await writeFile(join(directory, "ca-key.pem"), older.key);
  const next = await loadCertificate({ directory, now });
  expect([next.ca === first.ca, next.ca === older.certificate]).toEqual([false, false]);
  expect(await handshake(await loadCertificate({ directory, now: new Date() }), "signin.aws.amazon.com")).toBe(
    "trusted",
  );
});

test("the keys are readable by their owner alone", async () => {
  await loadCertificate({ directory, now });
  for (const file of ["ca-key.pem", "certificate-key.pem"]) {
    const { mode } = await stat(join(directory, file));
    expect(mode & 0o777, file).toBe(0o600);
  }
});

test("a certificate that soon expires is renewed under the same authority", async () => {
  const first = await loadCertificate({ directory, now });
  const renewed = await loadCertificate({ directory, now: later(380) });
  expect(renewed.ca).toBe(first.ca);
  expect(renewed.cert).not.toBe(first.cert);
});

test("an authority that soon expires is replaced, and its certificate with it", async () => {
  const first = await loadCertificate({ directory, now });
  const renewed = await loadCertificate({ directory, now: later(3640) });
  expect(renewed.ca).not.toBe(first.ca);
  expect(renewed.cert).toContain(renewed.ca);
});

test.each(["ca.pem", "ca-key.pem", "certificate.pem", "certificate-key.pem"])(
  "a damaged %s is made anew",
  async (file) => {
    await loadCertificate({ directory, now: new Date() });
    const path = join(directory, file);
    await writeFile(path, (await readFile(path, "utf8")).slice(0, 60));
    expect(await handshake(await loadCertificate({ directory, now: new Date() }), "localhost")).toBe("trusted");
  },
);
