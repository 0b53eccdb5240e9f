/**
 * A local server with the interface of presidio-analyzer's `app.py`: `GET /health`, `GET /supportedentities`, `POST /analyze` with one
 * text or a list, offsets in code points, errors as `{"error"}`. Recognises people from a list, which is enough to be faithful in shape.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AnalyzerRequest { readonly texts: readonly string[]; readonly entities: readonly string[] | undefined }

export class PresidioServer {
  readonly url: string;
  readonly requests: AnalyzerRequest[] = [];
  /** How the next requests are answered. */
  mode: 'answer' | 'error' | 'hang' | 'garbage' = 'answer';
  private readonly server: Server;
  private readonly waiting = new Set<() => void>();

  private constructor(server: Server) {
    this.server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(people: readonly string[]): Promise<PresidioServer> {
    let self: PresidioServer | undefined;
    const server = createServer((request, response) => {
      const send = (status: number, body: unknown): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      if (request.url === '/health') return void response.end('Presidio Analyzer service is up');
      if (request.url?.startsWith('/supportedentities') === true) return send(200, ['PERSON', 'LOCATION']);
      if (request.url !== '/analyze' || request.method !== 'POST') return send(404, { error: 'not found' });
      void read(request).then((body) => {
        const { text, language, entities, score_threshold: threshold = 0 } = JSON.parse(body) as { text?: string | string[]; language?: string; entities?: string[]; score_threshold?: number };
        const texts = Array.isArray(text) ? text : [text ?? ''];
        self!.requests.push({ texts, entities });
        for (const wake of self!.waiting) wake();
        self!.waiting.clear();
        if (self!.mode === 'hang') return;
        if (self!.mode === 'garbage') return send(200, { result: 'x' });
        if (self!.mode === 'error' || language !== 'en') return send(500, { error: `No matching recognizers were found to serve the request: ${texts.join()}` });
        const results = texts.map((one) => (entities?.includes('PERSON') ?? true) && threshold <= 0.85 ? peopleIn(one, people) : []);
        send(200, Array.isArray(text) ? results : results[0]);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    self = new PresidioServer(server);
    return self;
  }

  /** Resolves when the server has had that many requests. */
  async hadRequests(count: number): Promise<void> {
    while (this.requests.length < count) await new Promise<void>((resolve) => this.waiting.add(resolve));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

function peopleIn(text: string, people: readonly string[]): object[] {
  return people.flatMap((name) => {
    const found: object[] = [];
    for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
      const start = [...text.slice(0, at)].length;
      found.push({ analysis_explanation: null, entity_type: 'PERSON', start, end: start + [...name].length, score: 0.85 });
    }
    return found;
  });
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
