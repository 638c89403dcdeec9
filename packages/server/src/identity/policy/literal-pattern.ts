/**
 * A text as a pattern that matches it alone: what would be wildcards or variables stands for itself.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
 */
export const literalPattern = (text: string): string => text.replaceAll(/[*?]|\$(?=\{)/g, "${$&}");
