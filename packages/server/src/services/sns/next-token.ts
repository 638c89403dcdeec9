/**
 * Tokens of pages are base64, its end included.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.py (test_list_subscriptions_by_topic_pagination, run against AWS)
 */
const DIGITS = 4;

export const nextToken = (next: string | undefined): { readonly NextToken?: string } =>
  next === undefined ? {} : { NextToken: next.padEnd(Math.ceil(next.length / DIGITS) * DIGITS, "=") };
