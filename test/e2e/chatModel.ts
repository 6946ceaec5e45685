import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A chat model on loopback that speaks as OpenAI's do: it asks for its first tool once, then it is done. */
export interface ChatModel {
	/** For the credential of n8n's OpenAI node. */
	url: string;
	/** What it was told that the tool had answered, by request; null where it has not asked yet. */
	told: Array<string | null>;
	close(): Promise<void>;
}

interface Request {
	stream?: boolean;
	messages: Array<{ role: string; content: string }>;
	tools: Array<{ function: { name: string } }>;
}

/** @param args what it calls the tool with */
export async function startChatModel(args: object): Promise<ChatModel> {
	const told: ChatModel['told'] = [];
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const asked = JSON.parse(Buffer.concat(chunks).toString()) as Request;
			const answer = asked.messages.find(({ role }) => role === 'tool');
			told.push(answer?.content ?? null);
			const { name } = asked.tools[0]!.function;
			const call = {
				index: 0,
				id: 'call_1',
				type: 'function',
				function: { name, arguments: JSON.stringify(args) },
			};
			const message = answer
				? { role: 'assistant', content: 'Done' }
				: { role: 'assistant', content: null, tool_calls: [call] };
			reply(response, asked.stream === true, message, answer ? 'stop' : 'tool_calls');
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
		told,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** Agents of version 1 want it as a stream. */
function reply(response: ServerResponse, isStream: boolean, message: object, finish_reason: string): void {
	const head = { id: 'reply', created: 0, model: 'stand-in' };
	response.writeHead(200, { 'Content-Type': isStream ? 'text/event-stream' : 'application/json' });
	if (isStream) {
		const chunk = {
			...head,
			object: 'chat.completion.chunk',
			choices: [{ index: 0, delta: message, finish_reason }],
		};
		response.end(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
	} else {
		const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
		const choices = [{ index: 0, message, finish_reason }];
		response.end(JSON.stringify({ ...head, object: 'chat.completion', choices, usage }));
	}
}
