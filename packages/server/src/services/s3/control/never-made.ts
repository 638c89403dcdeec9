/**
 * What cannot be made here yet, multi-Region access points and those of Object Lambda, of Outposts and of directory
 * buckets: there is none of it, and that is answered. The operations that would make it answer 501.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_AWS_S3_Control.html
 */
import type { Context } from "../../../service/context.ts";
import { ask, type AccountInput } from "./access.ts";
import { noSuchAccessPoint, noSuchAsyncRequest, noSuchMultiRegionAccessPoint } from "./errors.ts";
import { operation } from "./kit.ts";

const asks = (action: string) => (input: AccountInput, context: Context) =>
  ask(input, { action, resource: "*" }, context);

const noMultiRegion = async ({ Name }: { readonly Name: string }): Promise<never> => {
  throw noSuchMultiRegionAccessPoint(Name);
};

const noObjectLambda = async ({ Name }: { readonly Name: string }): Promise<never> => {
  throw noSuchAccessPoint(Name);
};

export const listMultiRegionAccessPoints = operation("ListMultiRegionAccessPoints", {
  authorize: asks("s3:ListMultiRegionAccessPoints"),
  handle: async () => ({ AccessPoints: [] }),
});

export const getMultiRegionAccessPoint = operation("GetMultiRegionAccessPoint", {
  authorize: asks("s3:GetMultiRegionAccessPoint"),
  handle: noMultiRegion,
});

export const getMultiRegionAccessPointPolicy = operation("GetMultiRegionAccessPointPolicy", {
  authorize: asks("s3:GetMultiRegionAccessPointPolicy"),
  handle: noMultiRegion,
});

export const getMultiRegionAccessPointPolicyStatus = operation("GetMultiRegionAccessPointPolicyStatus", {
  authorize: asks("s3:GetMultiRegionAccessPointPolicyStatus"),
  handle: noMultiRegion,
});

export const deleteMultiRegionAccessPoint = operation("DeleteMultiRegionAccessPoint", {
  authorize: asks("s3:DeleteMultiRegionAccessPoint"),
  handle: ({ Details }) => noMultiRegion(Details),
});

export const putMultiRegionAccessPointPolicy = operation("PutMultiRegionAccessPointPolicy", {
  authorize: asks("s3:PutMultiRegionAccessPointPolicy"),
  handle: ({ Details }) => noMultiRegion(Details),
});

export const describeMultiRegionAccessPointOperation = operation("DescribeMultiRegionAccessPointOperation", {
  authorize: asks("s3:DescribeMultiRegionAccessPointOperation"),

  async handle({ RequestTokenARN }) {
    throw noSuchAsyncRequest(RequestTokenARN);
  },
});

export const listAccessPointsForObjectLambda = operation("ListAccessPointsForObjectLambda", {
  authorize: asks("s3:ListAccessPointsForObjectLambda"),
  handle: async () => ({ ObjectLambdaAccessPointList: [] }),
});

export const getAccessPointForObjectLambda = operation("GetAccessPointForObjectLambda", {
  authorize: asks("s3:GetAccessPointForObjectLambda"),
  handle: noObjectLambda,
});

export const deleteAccessPointForObjectLambda = operation("DeleteAccessPointForObjectLambda", {
  authorize: asks("s3:DeleteAccessPointForObjectLambda"),
  handle: noObjectLambda,
});
