/** `arn:aws:elasticloadbalancing:REGION:ACCOUNT:targetgroup/NAME/ID` */
const arn = /^arn:[^/]*:targetgroup\/([^/]+)\//;

/** The name of a target group by its ARN; all of a text that is none. */
export function targetGroupName(text: string): string {
  return arn.exec(text)?.[1] ?? text;
}
