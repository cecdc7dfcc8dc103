// Asks a registry as any client would, trusting one CA.
import { request } from 'node:https'

/**
 * The repositories of a registry, and the certificate that it served.
 * @returns {Promise<{repositories: string[], certificate: import('node:tls').PeerCertificate}>}
 */
export function askRegistry(host, ca) {
  return new Promise((resolve, reject) => {
    const asked = request({ host, path: '/v2/_catalog', ca, timeout: 10_000, agent: false }, answer => {
      const certificate = answer.socket.getPeerCertificate()
      let body = ''
      answer.setEncoding('utf8')
      answer.on('data', text => {
        body += text
      })
      answer.on('end', () => {
        if (answer.statusCode !== 200) return reject(new Error(`${host} answers ${answer.statusCode}: ${body}`))
        resolve({ repositories: JSON.parse(body).repositories, certificate })
      })
    })
    asked.on('timeout', () => asked.destroy(new Error(`${host} does not answer`)))
    asked.on('error', reject)
    asked.end()
  })
}
