import {
  CreateStorageLensGroupCommand,
  DeleteStorageLensConfigurationCommand,
  DeleteStorageLensConfigurationTaggingCommand,
  DeleteStorageLensGroupCommand,
  GetStorageLensConfigurationCommand,
  GetStorageLensConfigurationTaggingCommand,
  GetStorageLensGroupCommand,
  ListStorageLensConfigurationsCommand,
  ListStorageLensGroupsCommand,
  ListTagsForResourceCommand,
  PutStorageLensConfigurationCommand,
  PutStorageLensConfigurationTaggingCommand,
  S3ControlClient,
  TagResourceCommand,
  UpdateStorageLensGroupCommand,
} from "@aws-sdk/client-s3-control";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

const AccountId = "000000000000";
const ARN = `arn:aws:s3:us-east-1:${AccountId}`;

// Source: https://github.com/getmoto/moto/blob/master/tests/test_s3control/test_s3control.py (as a client meets it)
test("configurations of Storage Lens are kept and tagged", async () => {
  const control = (await testCloud()).client(S3ControlClient);
  const at = { AccountId, ConfigId: "lens" };
  const AccountLevel = { BucketLevel: {}, ActivityMetrics: { IsEnabled: true } };
  const StorageLensConfiguration = { Id: "lens", AccountLevel, IsEnabled: true };
  const Tags = [{ Key: "a", Value: "1" }];
  await control.send(new PutStorageLensConfigurationCommand({ ...at, StorageLensConfiguration, Tags }));
  const shown = () => control.send(new GetStorageLensConfigurationCommand(at));
  expect((await shown()).StorageLensConfiguration).toEqual({
    ...StorageLensConfiguration,
    StorageLensArn: `${ARN}:storage-lens/lens`,
  });
  const { StorageLensConfigurationList } = await control.send(new ListStorageLensConfigurationsCommand({ AccountId }));
  expect(StorageLensConfigurationList).toMatchObject([{ Id: "lens", HomeRegion: "us-east-1", IsEnabled: true }]);
  const tags = async () => (await control.send(new GetStorageLensConfigurationTaggingCommand(at))).Tags;
  expect(await tags()).toEqual(Tags);
  await control.send(new PutStorageLensConfigurationTaggingCommand({ ...at, Tags: [{ Key: "b", Value: "2" }] }));
  expect(await tags()).toEqual([{ Key: "b", Value: "2" }]);
  await control.send(new DeleteStorageLensConfigurationTaggingCommand(at));
  expect(await tags()).toEqual([]);
  await control.send(new DeleteStorageLensConfigurationCommand(at));
  await expect(shown()).rejects.toMatchObject({ name: "NoSuchConfiguration", $metadata: { httpStatusCode: 404 } });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_CreateStorageLensGroup.html
test("groups of Storage Lens are kept and tagged", async () => {
  const control = (await testCloud()).client(S3ControlClient);
  const group = { Name: "logs", Filter: { MatchAnyPrefix: ["logs/"] } };
  const create = () => control.send(new CreateStorageLensGroupCommand({ AccountId, StorageLensGroup: group }));
  await create();
  await expect(create()).rejects.toMatchObject({ $metadata: { httpStatusCode: 409 } });
  const at = { AccountId, Name: "logs" };
  const shown = () => control.send(new GetStorageLensGroupCommand(at));
  const arn = `${ARN}:storage-lens-group/logs`;
  expect((await shown()).StorageLensGroup).toEqual({ ...group, StorageLensGroupArn: arn });
  const changed = { ...group, Filter: { MatchAnySuffix: [".log"] } };
  await control.send(new UpdateStorageLensGroupCommand({ ...at, StorageLensGroup: changed }));
  expect((await shown()).StorageLensGroup?.Filter).toEqual(changed.Filter);
  const { StorageLensGroupList } = await control.send(new ListStorageLensGroupsCommand({ AccountId }));
  expect(StorageLensGroupList).toMatchObject([{ Name: "logs", StorageLensGroupArn: arn }]);
  const Tags = [{ Key: "a", Value: "1" }];
  await control.send(new TagResourceCommand({ AccountId, ResourceArn: arn, Tags }));
  expect((await control.send(new ListTagsForResourceCommand({ AccountId, ResourceArn: arn }))).Tags).toEqual(Tags);
  await control.send(new DeleteStorageLensGroupCommand(at));
  await expect(shown()).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
});
