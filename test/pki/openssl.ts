import { X509Certificate } from 'node:crypto'
import { execa } from 'execa'
import { type Certificate, readCertificate } from '../../src/pki/certificate.ts'

/** Runs the openssl of this machine in a directory; `all` holds both streams. */
export async function openssl(cwd: string, ...words: string[]): Promise<{ exitCode: number | undefined; all: string }> {
  const { exitCode, stdout, stderr } = await execa('openssl', words, { cwd, reject: false, stdin: 'ignore' })
  return { exitCode, all: `${stdout}\n${stderr}` }
}

export const certificateOf = (pem: string): Certificate => readCertificate(new X509Certificate(pem).raw)
