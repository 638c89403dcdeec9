/**
 * What is wrong with a query, or with what it is asked of, in AWS's words.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#SelectObjectContentErrorCodeList
 */
import { unmodelled } from "../kit.ts";

/** The status of each. */
export const SELECT_ERRORS = {
  CSVParsingError: 400,
  CastFailed: 400,
  EvaluatorInvalidArguments: 400,
  ExpressionTooLong: 400,
  InvalidCompressionFormat: 400,
  InvalidDataSource: 400,
  InvalidExpressionType: 400,
  InvalidFileHeaderInfo: 400,
  InvalidRequestParameter: 400,
  JSONParsingError: 400,
  LexerInvalidChar: 400,
  MissingRequiredParameter: 400,
  OverMaxRecordSize: 400,
  ParquetParsingError: 400,
  ParseSelectMissingFrom: 400,
  ParseUnexpectedToken: 400,
  TruncatedInput: 400,
  UnsupportedFunction: 400,
  UnsupportedScanRangeInput: 400,
  UnsupportedSqlStructure: 400,
  UnsupportedSyntax: 400,
} as const;

export const invalidExpressionType = () =>
  unmodelled("InvalidExpressionType", "The ExpressionType is invalid. Only SQL expressions are supported.");
export const invalidFileHeaderInfo = () =>
  unmodelled("InvalidFileHeaderInfo", "The FileHeaderInfo is invalid. Only NONE, USE, and IGNORE are supported.");
export const expressionTooLong = () =>
  unmodelled(
    "ExpressionTooLong",
    "The SQL expression is too long: The maximum byte-length for the SQL expression is 256 KB.",
  );
export const missingFormat = () =>
  unmodelled(
    "MissingRequiredParameter",
    "The SelectRequest entity is missing a required parameter. Check the service documentation and try again.",
  );
export const invalidCompression = () =>
  unmodelled(
    "InvalidCompressionFormat",
    "The file is not in a supported compression format. Only GZIP and BZIP2 are supported.",
  );
export const truncatedInput = () =>
  unmodelled(
    "TruncatedInput",
    "Object decompression failed. Check that the object is properly compressed using the format specified in the request.",
  );
export const scanRangeInvalid = () =>
  unmodelled(
    "InvalidRequestParameter",
    "The value of a parameter in ScanRange element is invalid. Check the service API documentation and try again.",
  );
export const parameterInvalid = () =>
  unmodelled(
    "InvalidRequestParameter",
    "The value of a parameter in SelectRequest element is invalid. Check the service API documentation and try again.",
  );
export const scanRangeUnsupported = () =>
  unmodelled("UnsupportedScanRangeInput", "Scan range queries are not supported on this type of object.");
export const jsonParsing = () =>
  unmodelled("JSONParsingError", "Encountered an error parsing the JSON file. Check the file and try again.");
export const csvParsing = () =>
  unmodelled("CSVParsingError", "Encountered an error parsing the CSV file. Check the file and try again.");
export const parquetParsing = () =>
  unmodelled("ParquetParsingError", "Error parsing Parquet file. Please check the file and try again.");
export const recordTooLong = () =>
  unmodelled(
    "OverMaxRecordSize",
    "The length of a record in the input or result is greater than the maxCharsPerRecord limit of 1 MB.",
  );

/** `at` counts characters from one. */
interface Place {
  readonly at: number;
  readonly text: string;
}

export const invalidCharacter = ({ at, text }: Place) =>
  unmodelled("LexerInvalidChar", `The SQL expression contains a character that is not valid: ${text} at ${at}.`);
export const unexpectedToken = ({ at, text }: Place) =>
  unmodelled("ParseUnexpectedToken", `The SQL expression contains an unexpected token: ${text} at ${at}.`);
export const fromMissing = () =>
  unmodelled("ParseSelectMissingFrom", "The SQL expression contains a missing FROM after the SELECT list.");
export const invalidSource = () =>
  unmodelled("InvalidDataSource", "Invalid data source type. Only CSV, JSON, and Parquet are supported.");
export const unsupportedFunction = (name: string) =>
  unmodelled("UnsupportedFunction", `Encountered an unsupported SQL function: ${name}.`);
export const unsupportedSyntax = (what: string) =>
  unmodelled("UnsupportedSyntax", `Encountered invalid syntax: ${what}.`);
export const mixedAggregates = () =>
  unmodelled(
    "UnsupportedSqlStructure",
    "Encountered an unsupported SQL structure: aggregates stand beside columns. Check the SQL Reference.",
  );
export const castFailed = (text: string, type: string) =>
  unmodelled(
    "CastFailed",
    `Attempt to convert from one data type to another using CAST failed in the SQL expression: ${text} to ${type}.`,
  );
export const invalidArguments = (name: string) =>
  unmodelled(
    "EvaluatorInvalidArguments",
    `Incorrect number of arguments in the function call in the SQL expression: ${name}.`,
  );
