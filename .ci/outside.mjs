/**
 * A reporter for vitest of what its JSON report leaves out and what fails a run all the same: errors that nobody
 * caught, and those of hooks and of files as a whole.
 */
export default class OutsideOfTests {
  onTestRunEnd(modules, unhandled) {
    for (const error of unhandled) tell(error.type ?? 'Error that nobody caught', error);
    for (const module of modules)
      for (const suite of [module, ...module.children.allSuites()])
        for (const error of suite.errors())
          tell(`${module.relativeModuleId}${suite === module ? '' : `: ${suite.fullName}`}`, error);
  }
}

function tell(where, { VITEST_TEST_PATH: file, VITEST_TEST_NAME: test, message, stack, stacks }) {
  const during = [file, test].filter(Boolean).join(': ');
  const frames = stacks?.map((frame) => `    at ${frame.file}:${frame.line}:${frame.column}`).join('\n');
  console.log(`\n${where}${during && ` (${during})`}: ${message}\n${stack ?? frames ?? ''}`);
}
