/**
 * Analyzers that AWS services make for their own: no customer may make one, and no service that would is part of this
 * cloud, so there are none.
 */
import { onAnalyzer } from "./row.ts";
import { analyzerNotFound, notForCustomers } from "../errors.ts";
import { arn, operation } from "../kit.ts";

/** Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CreateServiceLinkedAnalyzer.html */
export const createServiceLinkedAnalyzer = operation("CreateServiceLinkedAnalyzer", {
  authorize: (_input, context) => ({
    action: "access-analyzer:CreateServiceLinkedAnalyzer",
    resource: arn(context, "analyzer/*"),
  }),

  async handle() {
    throw notForCustomers();
  },
});

export const deleteServiceLinkedAnalyzer = operation("DeleteServiceLinkedAnalyzer", {
  authorize: ({ analyzerName }, context) => onAnalyzer("DeleteServiceLinkedAnalyzer", analyzerName, context),

  async handle({ analyzerName }) {
    throw analyzerNotFound(analyzerName);
  },
});
