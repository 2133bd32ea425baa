// Where things lie; run.sh says so.

export function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run tests/pages/run.sh`);
  return value;
}

export const root = variable('EXITBUS_ROOT');
export const chromium = variable('EXITBUS_CHROMIUM');
export const dist = `${root}/build/pages/dist`;
export const folder = variable('EXITBUS_PLAYED'); // "specs", "pictures" or "real"
