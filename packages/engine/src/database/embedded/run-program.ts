import { spawn } from 'node:child_process'

/** A user of this machine, by number. */
export interface Account {
  uid: number
  gid: number
}

/**
 * How every program of ours is started: from a folder that any user can enter, and without our environment,
 * whose secrets a superuser of the database could read and whose PG… variables would change what the
 * programs do.
 */
export function childOptions(account: Account | undefined) {
  const path = process.platform === 'win32' ? {} : { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }
  return { cwd: '/', env: { LC_ALL: 'C', ...path }, windowsHide: true, ...account }
}

/**
 * Runs a program to its end and gives its exit code and everything it printed.
 * Rejects with the system's error when the program cannot be started at all.
 */
export function runProgram(
  program: string,
  args: string[],
  { account, input = '' }: { account?: Account | undefined; input?: string } = {},
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, childOptions(account))
    let output = ''
    // It must not work on the data folder after the app that started it is gone.
    const leave = () => void child.kill('SIGKILL')
    process.once('exit', leave)
    child.once('error', (error) => {
      process.off('exit', leave)
      reject(error)
    })
    // Node makes no streams where the process may open no more files; the error follows.
    if (!(child.stdout as typeof child.stdout | undefined)) return
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.once('close', (code) => {
      process.off('exit', leave)
      resolve({ code, output: output.trim() })
    })
    // A program that ends without reading its input is judged by its exit code.
    child.stdin.on('error', () => {}).end(input)
  })
}
