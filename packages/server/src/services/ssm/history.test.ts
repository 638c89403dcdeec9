import {
  DeleteParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetServiceSettingCommand,
  LabelParameterVersionCommand,
  PutParameterCommand,
  ResetServiceSettingCommand,
  SSMClient,
  UnlabelParameterVersionCommand,
  UpdateServiceSettingCommand,
} from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { testCloud } from "../../../test/test-cloud.ts";

async function parameters() {
  const cloud = await testCloud();
  const ssm = cloud.client(SSMClient);
  const put = (Name: string, Value: string) =>
    ssm.send(new PutParameterCommand({ Name, Value, Type: "String", Overwrite: true }));
  return { ssm, put };
}

// Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_UnlabelParameterVersion.html
test("labels are taken from a version, and those that it has not are told apart", async () => {
  const { ssm, put } = await parameters();
  for (const value of ["one", "two"]) await put("/app/url", value);
  const label = (ParameterVersion: number, ...Labels: string[]) =>
    ssm.send(new LabelParameterVersionCommand({ Name: "/app/url", ParameterVersion, Labels }));
  await label(1, "old", "stable");
  await label(2, "new");
  const unlabel = (ParameterVersion: number, ...Labels: string[]) =>
    ssm.send(new UnlabelParameterVersionCommand({ Name: "/app/url", ParameterVersion, Labels }));
  expect(await unlabel(1, "old", "new", "none")).toMatchObject({
    RemovedLabels: ["old"],
    InvalidLabels: ["new", "none"],
  });
  const { Parameters = [] } = await ssm.send(new GetParameterHistoryCommand({ Name: "/app/url" }));
  expect(Parameters.map(({ Labels }) => Labels)).toEqual([["stable"], ["new"]]);
  await expect(ssm.send(new GetParameterCommand({ Name: "/app/url:old" }))).rejects.toMatchObject({
    name: "ParameterVersionNotFound",
  });
  await expect(unlabel(3, "new")).rejects.toMatchObject({ name: "ParameterVersionNotFound" });
  await expect(
    ssm.send(new UnlabelParameterVersionCommand({ Name: "/none", ParameterVersion: 1, Labels: ["x"] })),
  ).rejects.toMatchObject({ name: "ParameterNotFound" });
});

// Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameters.html
test("several parameters are deleted at once, and those that are not there are told", async () => {
  const { ssm, put } = await parameters();
  for (const name of ["a", "b"]) await put(name, "1");
  const deleted = await ssm.send(new DeleteParametersCommand({ Names: ["a", "none", "b"] }));
  expect(deleted).toMatchObject({ DeletedParameters: ["a", "b"], InvalidParameters: ["none"] });
  await expect(ssm.send(new GetParameterCommand({ Name: "a" }))).rejects.toMatchObject({ name: "ParameterNotFound" });
});

// Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ResetServiceSetting.html
test("a setting that is reset is what it was at first", async () => {
  const { ssm } = await parameters();
  const SettingId = "/ssm/parameter-store/default-parameter-tier";
  const before = await ssm.send(new GetServiceSettingCommand({ SettingId }));
  await ssm.send(new UpdateServiceSettingCommand({ SettingId, SettingValue: "Advanced" }));
  const { ServiceSetting } = await ssm.send(new ResetServiceSettingCommand({ SettingId }));
  expect(ServiceSetting).toMatchObject({ SettingId, SettingValue: "Standard", Status: "Default" });
  expect((await ssm.send(new GetServiceSettingCommand({ SettingId }))).ServiceSetting).toEqual(before.ServiceSetting);
});
