/** How far into a line one must look to know it. */
const headLength = 300;

/** What looks like a log of an Application Load Balancer, but is none. */
export interface Kindred {
  readonly name: string;
  /** Whether somebody may have meant it to be read. */
  readonly isLog: boolean;
  readonly line: RegExp;
}

const kindred: readonly Kindred[] = [
  {
    // User guide of Network Load Balancers, "Access logs": type, version, time, elb.
    name: 'Network Load Balancer access log',
    isLog: true,
    line: /^tls [12]\.0 \d{4}-\d\d-\d\dT[\d:.]+Z? net\//,
  },
  {
    // User guide of Classic Load Balancers, "Access logs": time, name of the load balancer, two addresses, three times.
    name: 'Classic Load Balancer access log',
    isLog: true,
    line: /^\d{4}-\d\d-\d\dT[\d:.]+Z \S+ \S+:\d+ \S+ (?:-1|[\d.]+) (?:-1|[\d.]+) (?:-1|[\d.]+) \S+ \S+ \d+ \d+ "/,
  },
  {
    // What is put into a bucket to see whether that is allowed (ELBAccessLogTestFile and its like).
    name: 'test file of a load balancer',
    isLog: false,
    line: /^Enable \w*(?:Access|Connection|Health)\w* ?\w* for ELB:/i,
  },
];

/** What most of the lines are instead of an access log that is read; undefined for other text. */
export function kindredOf(lines: readonly Buffer[]): Kindred | undefined {
  const heads = lines.map((line) => line.toString('latin1', 0, headLength));
  return kindred.find(({ line }) => heads.filter((head) => line.test(head)).length * 2 > lines.length);
}
