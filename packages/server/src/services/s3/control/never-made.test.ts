import {
  CreateMultiRegionAccessPointCommand,
  DeleteMultiRegionAccessPointCommand,
  DescribeMultiRegionAccessPointOperationCommand,
  GetAccessPointForObjectLambdaCommand,
  GetMultiRegionAccessPointCommand,
  ListAccessPointsForObjectLambdaCommand,
  ListMultiRegionAccessPointsCommand,
  S3ControlClient,
} from "@aws-sdk/client-s3-control";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

const AccountId = "000000000000";

// Source: https://github.com/getmoto/moto/blob/master/tests/test_s3control/test_multi_region_access_points.py (as a client meets it)
test("of what cannot be made there is none, and making it is refused", async () => {
  const control = (await testCloud()).client(S3ControlClient);
  const lists = await Promise.all([
    control.send(new ListMultiRegionAccessPointsCommand({ AccountId })),
    control.send(new ListAccessPointsForObjectLambdaCommand({ AccountId })),
  ]);
  expect(lists).toMatchObject([{ AccessPoints: [] }, { ObjectLambdaAccessPointList: [] }]);
  const gone = { name: "NoSuchMultiRegionAccessPoint", $metadata: { httpStatusCode: 404 } };
  const Name = "nowhere";
  await expect(control.send(new GetMultiRegionAccessPointCommand({ AccountId, Name }))).rejects.toMatchObject(gone);
  const remove = new DeleteMultiRegionAccessPointCommand({ AccountId, ClientToken: "t", Details: { Name } });
  await expect(control.send(remove)).rejects.toMatchObject(gone);
  await expect(control.send(new GetAccessPointForObjectLambdaCommand({ AccountId, Name }))).rejects.toMatchObject({
    name: "NoSuchAccessPoint",
  });
  const RequestTokenARN = `arn:aws:s3:us-west-2:${AccountId}:async-request/mrap/create/none`;
  await expect(
    control.send(new DescribeMultiRegionAccessPointOperationCommand({ AccountId, RequestTokenARN })),
  ).rejects.toMatchObject({ name: "NoSuchAsyncRequest", $metadata: { httpStatusCode: 404 } });
  const Details = { Name: "everywhere", Regions: [{ Bucket: "photos" }] };
  const create = new CreateMultiRegionAccessPointCommand({ AccountId, ClientToken: "t", Details });
  await expect(control.send(create)).rejects.toMatchObject({ $metadata: { httpStatusCode: 501 } });
});
