/**
 * The public access block of an account: it holds for all its buckets and access points.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_PutPublicAccessBlock.html
 */
import { accountBlockOf, setAccountBlock } from "../public-access/account-block.ts";
import { toPublicAccessBlock } from "../public-access/block.ts";
import { ask } from "./access.ts";
import { invalidRequest, noSuchPublicAccessBlock } from "./errors.ts";
import { operation } from "./kit.ts";

export const putPublicAccessBlock = operation("PutPublicAccessBlock", {
  authorize: (input, context) => ask(input, { action: "s3:PutAccountPublicAccessBlock", resource: "*" }, context),

  async handle({ PublicAccessBlockConfiguration: asked }, context) {
    if (Object.keys(asked).length === 0) throw invalidRequest("Must specify at least one configuration.");
    await setAccountBlock(context.account, toPublicAccessBlock(asked), context);
    return {};
  },
});

export const getPublicAccessBlock = operation("GetPublicAccessBlock", {
  authorize: (input, context) => ask(input, { action: "s3:GetAccountPublicAccessBlock", resource: "*" }, context),

  async handle(_input, context) {
    const { accountBlock } = await accountBlockOf(context.account, context);
    if (accountBlock === undefined) throw noSuchPublicAccessBlock(context.account);
    return { PublicAccessBlockConfiguration: accountBlock };
  },
});

export const deletePublicAccessBlock = operation("DeletePublicAccessBlock", {
  authorize: (input, context) => ask(input, { action: "s3:PutAccountPublicAccessBlock", resource: "*" }, context),

  async handle(_input, context) {
    await setAccountBlock(context.account, undefined, context);
    return {};
  },
});
