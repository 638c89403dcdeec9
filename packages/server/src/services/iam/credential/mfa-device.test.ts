import {
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeleteUserCommand,
  DeleteVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  GetMFADeviceCommand,
  IAMClient,
  ListMFADevicesCommand,
  ListMFADeviceTagsCommand,
  ListVirtualMFADevicesCommand,
  ResyncMFADeviceCommand,
  TagMFADeviceCommand,
  UntagMFADeviceCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { createDevice } from "../../../../test/mfa-device.ts";
import { testCloud } from "../../../../test/test-cloud.ts";

const UserName = "ann";

/** A user, and a device in hand that shows codes. */
async function withDevice() {
  const cloud = await testCloud();
  const iam = cloud.client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName }));
  const { device, SerialNumber, pairAt } = await createDevice(cloud, "phone");
  const enable = (codes = pairAt(cloud.clock.now())) =>
    iam.send(new EnableMFADeviceCommand({ UserName, SerialNumber, ...codes }));
  return { cloud, iam, device, SerialNumber, pairAt, enable };
}

const conflict = (message: string) => ({ name: "DeleteConflictException", message });

const isWrongCode = { name: "InvalidAuthenticationCodeException" };

test("a new device gives its seed and a picture of it, once", async () => {
  const { iam, device, SerialNumber } = await withDevice();
  expect(SerialNumber).toBe("arn:aws:iam::000000000000:mfa/phone");
  expect(Buffer.from(device?.Base32StringSeed ?? []).toString()).toMatch(/^[A-Z2-7]{64}$/);
  expect(
    Buffer.from(device?.QRCodePNG ?? [])
      .subarray(1, 4)
      .toString(),
  ).toBe("PNG");
  const { VirtualMFADevices } = await iam.send(new ListVirtualMFADevicesCommand({}));
  expect(VirtualMFADevices).toEqual([{ SerialNumber }]);
  await expect(iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: "phone" }))).rejects.toMatchObject({
    name: "EntityAlreadyExistsException",
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam_mfa.snapshot.json
    message: "MFA device already exists.",
  });
});

test("two codes in a row enable a device for a user", async () => {
  const { iam, SerialNumber, enable } = await withDevice();
  await enable();
  expect((await iam.send(new ListMFADevicesCommand({ UserName }))).MFADevices).toMatchObject([
    { UserName, SerialNumber },
  ]);
  const assigned = await iam.send(new ListVirtualMFADevicesCommand({ AssignmentStatus: "Assigned" }));
  expect(assigned.VirtualMFADevices).toMatchObject([{ SerialNumber, User: { UserName } }]);
  const free = await iam.send(new ListVirtualMFADevicesCommand({ AssignmentStatus: "Unassigned" }));
  expect(free.VirtualMFADevices).toEqual([]);
  await expect(enable()).rejects.toMatchObject({ name: "EntityAlreadyExistsException" });
});

test("codes that are wrong, the same, or the wrong way round do not", async () => {
  const { cloud, enable, pairAt } = await withDevice();
  const { AuthenticationCode1, AuthenticationCode2 } = pairAt(cloud.clock.now());
  const wrong = AuthenticationCode1 === "000000" ? "000001" : "000000";
  for (const [first, second] of [
    [wrong, AuthenticationCode2],
    [AuthenticationCode1, AuthenticationCode1],
    [AuthenticationCode2, AuthenticationCode1],
  ])
    await expect(enable({ AuthenticationCode1: first ?? "", AuthenticationCode2: second ?? "" })).rejects.toMatchObject(
      isWrongCode,
    );
});

test("the codes are those of virtual time", async () => {
  const { cloud, enable, pairAt } = await withDevice();
  const before = cloud.clock.now();
  await cloud.clock.advance(86_400);
  await enable(pairAt(cloud.clock.now()));
  expect(cloud.clock.now().getTime() - before.getTime()).toBeGreaterThanOrEqual(86_400_000);
});

test("an authenticator that shows real time's codes enables a device wherever virtual time is", async () => {
  const { cloud, iam, enable, pairAt } = await withDevice();
  const real = cloud.clock.now();
  await cloud.clock.advance(86_400);
  await enable(pairAt(real));
  expect((await iam.send(new ListMFADevicesCommand({ UserName }))).MFADevices).toHaveLength(1);
});

test("a device that drifted is found again by two codes", async () => {
  const { cloud, iam, SerialNumber, enable, pairAt } = await withDevice();
  const resync = (codes: ReturnType<typeof pairAt>) =>
    iam.send(new ResyncMFADeviceCommand({ UserName, SerialNumber, ...codes }));
  await expect(resync(pairAt(cloud.clock.now()))).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: "MFA Device invalid for user.",
  });
  await enable();
  await resync(pairAt(new Date(cloud.clock.now().getTime() + 300_000)));
  await expect(resync(pairAt(new Date(cloud.clock.now().getTime() + 3_600_000)))).rejects.toMatchObject(isWrongCode);
});

test("a device in use stays, and so does its user", async () => {
  const { iam, SerialNumber, enable } = await withDevice();
  await enable();
  await expect(iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber }))).rejects.toMatchObject(
    conflict("MFA VirtualDevice in use. Must deactivate first."),
  );
  // Source: https://github.com/rebuy-de/aws-nuke/issues/281
  await expect(iam.send(new DeleteUserCommand({ UserName }))).rejects.toMatchObject(
    conflict("Cannot delete entity, must delete MFA device first."),
  );
  await iam.send(new DeactivateMFADeviceCommand({ UserName, SerialNumber }));
  await iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber }));
  await iam.send(new DeleteUserCommand({ UserName }));
  await expect(iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber }))).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: `MFA Device with serial number ${SerialNumber} does not exist.`,
  });
});

test("a user has at most eight devices", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  const { cloud, iam, enable } = await withDevice();
  await enable();
  const more = async (VirtualMFADeviceName: string) => {
    const { SerialNumber, pairAt } = await createDevice(cloud, VirtualMFADeviceName);
    await iam.send(new EnableMFADeviceCommand({ UserName, SerialNumber, ...pairAt(cloud.clock.now()) }));
  };
  for (let count = 2; count <= 8; count++) await more(`device${count}`);
  await expect(more("device9")).rejects.toMatchObject({
    name: "LimitExceededException",
    message: "Cannot exceed quota for MFADevicesPerUser: 8",
  });
});

test("a device has tags", async () => {
  const { iam, SerialNumber } = await withDevice();
  await iam.send(
    new TagMFADeviceCommand({
      SerialNumber,
      Tags: [
        { Key: "team", Value: "ops" },
        { Key: "a", Value: "" },
      ],
    }),
  );
  await iam.send(new UntagMFADeviceCommand({ SerialNumber, TagKeys: ["a"] }));
  expect((await iam.send(new ListMFADeviceTagsCommand({ SerialNumber }))).Tags).toEqual([
    { Key: "team", Value: "ops" },
  ]);
});

test("only security keys are shown one by one", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetMFADevice.html
  const { iam, SerialNumber, enable } = await withDevice();
  await enable();
  await expect(iam.send(new GetMFADeviceCommand({ UserName, SerialNumber }))).rejects.toMatchObject({
    name: "NoSuchEntityException",
  });
});
