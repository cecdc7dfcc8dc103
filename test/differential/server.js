// A web server for cases of modules: node server.js PORT FOLDER. It says `ready` when it listens.
//   /files/PATH      files of FOLDER, with Last-Modified and ETag, by GET and HEAD; 304 when not modified
//   /status/CODE     that status, with a text; 3xx with CODE to /files/small.txt
//   /redirect        302 to /files/small.txt
//   /named           a text whose name is said by Content-Disposition
//   /echo            JSON of the method, the query, some headers, and the body
//   /json            JSON with the type application/json
//   /latin1 /text /hal /broken   answers whose type or text is special
//   /parts           JSON of the parts of a multipart body, without its boundary
//   /auth            200 for the user `reader` with the password `s3same`, else 401
//   /cookie          sets two cookies
//   /slow            answers after 20 s
import { createReadStream, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { join, normalize } from 'node:path'

const [port, folder] = process.argv.slice(2)

const HEADERS = [
  'host',
  'proxy-authorization',
  'accept',
  'authorization',
  'content-type',
  'content-length',
  'x-case',
  'cookie',
]

const answers = {
  status(response, rest) {
    const code = Number(rest)
    response
      .writeHead(code, code >= 300 && code < 400 ? { location: '/files/small.txt' } : {})
      .end(code === 204 || code === 304 ? '' : `status ${code}\n`)
  },
  redirect: response => response.writeHead(302, { location: '/files/small.txt' }).end(),
  named: response =>
    response.writeHead(200, { 'content-disposition': 'attachment; filename="given.txt"' }).end('named\n'),
  async echo(response, _rest, request) {
    const parts = []
    for await (const part of request) parts.push(part)
    const headers = Object.fromEntries(
      HEADERS.flatMap(name => (name in request.headers ? [[name, request.headers[name]]] : [])),
    )
    const { search } = new URL(request.url, 'http://x')
    const text = JSON.stringify({
      method: request.method,
      search,
      headers,
      body: Buffer.concat(parts).toString('latin1'),
    })
    response.writeHead(200, { 'content-type': 'application/json' }).end(text)
  },
  json: response =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"a": [1, 2], "b": null, "c": "\\u00e4"}'),
  latin1: response =>
    response
      .writeHead(200, { 'content-type': 'text/plain; charset=iso-8859-1' })
      .end(Buffer.from('fa\u00e7ade\n', 'latin1')),
  text: response => response.writeHead(200, { 'content-type': 'text/plain' }).end('{"a": 1}'),
  hal: response => response.writeHead(200, { 'content-type': 'application/hal+json; charset=utf-8' }).end('{"a": 1}'),
  broken: response => response.writeHead(200, { 'content-type': 'application/json' }).end('{"a": '),
  async parts(response, _rest, request) {
    const parts = []
    for await (const part of request) parts.push(part)
    const text = Buffer.concat(parts).toString('latin1')
    const boundary = /boundary="?([^";]+)/.exec(request.headers['content-type'] ?? '')?.[1] ?? 'none'
    const type = request.headers['content-type']?.replaceAll('"', '').replace(boundary, 'BOUNDARY')
    const told = text.split(`--${boundary}`).map(part => part.replaceAll('\r\n', '\n'))
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ type, told }))
  },
  auth(response, _rest, request) {
    if (request.headers.authorization === `Basic ${Buffer.from('reader:s3same').toString('base64')}`)
      return response.end('welcome\n')
    return response.writeHead(401, { 'www-authenticate': 'Basic realm="cases"' }).end('who are you\n')
  },
  cookie: response => response.writeHead(200, { 'set-cookie': ['one=1; Path=/', 'two=zwei; Path=/'] }).end('cookies\n'),
  slow: response => void setTimeout(() => response.end('slow\n'), 20_000),
  files(response, rest, request) {
    const path = join(folder, normalize(`/${decodeURIComponent(rest)}`))
    const found = statSync(path, { throwIfNoEntry: false })
    if (!found?.isFile()) return response.writeHead(404).end('nothing there\n')
    const modified = new Date(Math.floor(found.mtimeMs / 1000) * 1000)
    const since = Date.parse(request.headers['if-modified-since'] ?? '')
    const headers = {
      'last-modified': modified.toUTCString(),
      etag: `"${found.size}"`,
      'content-type': 'application/octet-stream',
    }
    if (since >= modified.getTime()) return response.writeHead(304, headers).end()
    response.writeHead(200, { ...headers, 'content-length': found.size })
    return request.method === 'HEAD' ? response.end() : createReadStream(path).pipe(response)
  },
}

createServer((request, response) => {
  // Who takes this server for a proxy names another one, and gets the same answers.
  const path = (request.url ?? '').replace(/^http:\/\/[^/]+/, '')
  const [, word, rest = ''] = /^\/(\w*)\/?([^?]*)/.exec(path) ?? []
  const answer = answers[word]
  // Who hung up in the middle of a question gets no answer.
  if (answer) Promise.resolve(answer(response, rest, request)).catch(() => response.destroy())
  else response.writeHead(404).end('no such thing\n')
}).listen(Number(port), '127.0.0.1', () => console.log('ready'))
