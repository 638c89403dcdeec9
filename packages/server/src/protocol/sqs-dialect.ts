/** What SQS does in its Query protocol unlike every other service: each queue is an endpoint of its own. */
import type { QueryDialect } from "./aws-query.ts";

export const SQS_DIALECT: QueryDialect = {
  // Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-xml.html (the endpoint)
  pathMember: "QueueUrl",
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.py (test_get_queue_url_work_for_different_queue, run against AWS)
  everywhere: new Set(["GetQueueUrl"]),
  // Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-xml-api-responses.html (the error's form)
  errorEnd: "<Detail/>",
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.snapshot.json (test_non_existent_queue)
  messages: {
    "The specified queue does not exist.": "The specified queue does not exist for this wsdl version.",
  },
  // Source: https://github.com/JuliaCloud/AWS.jl/pull/127 (recorded answers)
  jsonNames: { Messages: "messages", QueueUrls: "queueUrls" },
};
