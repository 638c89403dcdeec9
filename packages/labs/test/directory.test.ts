import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCloud } from "@kumobako/server/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { Directory } from "../src/directory.ts";
import { runLab } from "../src/index.ts";
import { findSlapd, startSlapd } from "../src/slapd.ts";

const PEOPLE = [
  { name: "alice", password: "right", awsRole: "role-alice" },
  { name: "bob", password: "builder" },
];

const slapd = findSlapd();

test("without a directory's server the lab says what to install, and runs what needs none", async () => {
  await using cloud = await startCloud();
  const { steps, passed } = await runLab("S08", { endpoint: cloud.endpoint, programFolders: [] });
  expect(passed).toBe(true);
  const left = steps.filter(({ status }) => status === "not-run").map(({ outcome }) => outcome);
  expect(left).toEqual([
    "needs OpenLDAP's server, which this machine has not: `apt-get install slapd ldap-utils`",
    "needs the directory",
    "needs the directory",
  ]);
  expect(steps.filter(({ status }) => status === "passed").length).toBeGreaterThan(15);
});

test("a server that does not start is a failed step", async () => {
  await using cloud = await startCloud();
  const folder = mkdtempSync(join(tmpdir(), "kumobako-lab-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  symlinkSync("/bin/false", join(folder, "slapd"));
  const { steps, passed } = await runLab("S08", { endpoint: cloud.endpoint, programFolders: [folder] });
  expect(passed).toBe(false);
  expect(steps.filter(({ status }) => status === "failed")).toMatchObject([
    { outcome: expect.stringMatching(/^Error: slapd did not start/) },
  ]);
});

test("a server that ends instead of listening is reported in its own words", async () => {
  await expect(startSlapd("/bin/false", PEOPLE)).rejects.toThrow("slapd did not start");
});

describe.skipIf(slapd === undefined)("an LDAP directory (needs slapd)", () => {
  test("no step of S08 is left out", async () => {
    await using cloud = await startCloud();
    const { steps } = await runLab("S08", { endpoint: cloud.endpoint });
    expect(steps.filter(({ status }) => status !== "passed")).toEqual([]);
  });

  test("somebody's own password opens their entry, and no other's does", async () => {
    await using directory = await Directory.start(PEOPLE);
    expect(await directory?.signIn("alice", "right")).toEqual({ name: "alice", awsRole: "role-alice" });
    expect(await directory?.signIn("bob", "builder")).toEqual({ name: "bob", awsRole: undefined });
    await expect(directory?.signIn("alice", "builder")).rejects.toThrow("InvalidCredentials");
    await expect(directory?.signIn("nobody", "right")).rejects.toThrow("InvalidCredentials");
  });

  test("an empty password is not taken for a visit without a name", async () => {
    await using directory = await Directory.start(PEOPLE);
    await expect(directory?.signIn("alice", "")).rejects.toThrow("unauthenticated bind");
  });

  test("nobody types themselves into another's name", async () => {
    await using directory = await Directory.start(PEOPLE);
    await expect(directory?.signIn("x,uid=alice", "right")).rejects.toThrow("InvalidCredentials");
  });

  test("nothing of it is left when it is disposed of", async () => {
    const directory = await Directory.start(PEOPLE);
    const { url = "none" } = directory ?? {};
    await directory?.[Symbol.asyncDispose]();
    await expect(fetch(url.replace("ldap:", "http:"))).rejects.toThrow("fetch failed");
  });
});
