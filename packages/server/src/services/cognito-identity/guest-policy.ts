/**
 * What guests may do at most, whatever their role lets them: policies of their sessions in the enhanced flow.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html#access-policies
 */

const ACTIONS = [
  "cloudwatch:*",
  "logs:*",
  "dynamodb:*",
  "kinesis:*",
  "mobileanalytics:*",
  "s3:*",
  "ses:*",
  "sns:*",
  "sqs:*",
  "lambda:*",
  "machinelearning:*",
  "execute-api:*",
  "iot:*",
  "gamelift:*",
  "cognito-identity:*",
  "cognito-idp:*",
  "lex:*",
  "polly:*",
  "comprehend:*",
  "translate:*",
  "transcribe:*",
  "rekognition:*",
  "mobiletargeting:*",
  "firehose:*",
  "appsync:*",
  "personalize:*",
  "sagemaker:InvokeEndpoint",
  "cognito-sync:*",
  "codewhisperer:*",
  "textract:DetectDocumentText",
  "textract:AnalyzeDocument",
  "sdb:*",
];

const POLICY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: ACTIONS, Resource: ["*"] }],
});

/** As STS is asked to bound a session. */
export const guestBounds = (partition: string) => ({
  Policy: POLICY,
  PolicyArns: [{ arn: `arn:${partition}:iam::aws:policy/AmazonCognitoUnAuthedIdentitiesSessionPolicy` }],
});
