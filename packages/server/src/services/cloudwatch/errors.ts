/**
 * The errors of CloudWatch, each once.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CommonErrors.html, answers of AWS that were
 * recorded (https://github.com/localstack/localstack/tree/main/tests/aws/services/cloudwatch) and what its clients expect
 * (https://github.com/getmoto/moto/tree/master/tests/test_cloudwatch)
 */
import { error } from "./kit.ts";
import { DATAPOINTS_PER_CALL_MAX } from "./limits.ts";

export const invalidValue = (message: string) => error("InvalidParameterValueException", message);
export const invalidCombination = (message: string) => error("InvalidParameterCombinationException", message);
export const missingParameter = (message: string) => error("MissingRequiredParameterException", message);
export const validation = (message: string) => error("ValidationException", message);

export const valueInvalid = (value: string | number, parameter: string) =>
  invalidValue(`The value ${value} for parameter ${parameter} is invalid.`);
export const notBoth = (one: string, other: string) =>
  invalidCombination(`The parameters ${one} and ${other} are mutually exclusive and you have specified both.`);
export const oneOf = (one: string, other: string) =>
  missingParameter(`At least one of the parameters ${one} and ${other} must be specified.`);
export const tooMany = (collection: string, max: number) =>
  invalidValue(`The collection ${collection} must not have a size greater than ${max}.`);
export const required = (parameter: string) => missingParameter(`The parameter ${parameter} is required.`);
export const notOfSameSize = (one: string, other: string) =>
  invalidValue(`The parameters ${one} and ${other} must be of the same size.`);
export const tooOld = (parameter: string) =>
  invalidValue(`The parameter ${parameter} must specify a time within the past two weeks.`);
export const tooFarAhead = (parameter: string) =>
  invalidValue(`The parameter ${parameter} must specify a time no more than two hours in the future.`);
export const invalidToken = () => error("InvalidNextToken", "Request parameter NextToken is invalid");

export const timesInvalid = () => invalidValue("The parameter StartTime must be less than the parameter EndTime.");
export const statisticsMissing = () => invalidCombination("Must specify either Statistics or ExtendedStatistics");
export const tooManyDatapoints = (count: number) =>
  invalidCombination(
    `You have requested up to ${count} datapoints, which exceeds the limit of ${DATAPOINTS_PER_CALL_MAX}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
  );
export const timesEqual = () => validation("The parameter StartTime must not equal parameter EndTime.");
export const timesReversed = () => validation("The parameter EndTime must be greater than StartTime.");
export const statRequired = (query: string) => validation(`The parameter ${query}.MetricStat is required.\n`);
export const expressionOrStat = (query: string) =>
  validation(
    `The parameters ${query}.Expression and ${query}.MetricStat are mutually exclusive and you have specified both.`,
  );
export const idInvalid = (id: string, query: string) =>
  validation(`The value ${id} for parameter ${query}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`);
export const idsRepeated = () =>
  validation("The values for parameter id in parameter MetricDataQueries are not unique.");
export const statInvalid = (stat: string, query: string) =>
  validation(`The value ${stat} for parameter ${query}.MetricStat.Stat is not supported.`);
export const periodInvalid = (parameter: string) => validation(`The parameter ${parameter} must be a multiple of 60.`);
export const expressionFault = (id: string, fault: string) => validation(`Error in expression '${id}': ${fault}`);
