import { userFolder } from './environment';

import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { rmSync } from 'node:fs';
import type { ClientRequest } from 'node:http';
import { Logger } from '@n8n/backend-common';
import { Container } from '@n8n/di';
import { DataDeduplicationService, InstanceSettings } from 'n8n-core';
import { LoggerProxy } from 'n8n-workflow';
import type { IDataDeduplicator, LogMetadata } from 'n8n-workflow';

/** One HTTP request as it leaves the process. `headers` holds what the credential added. */
export interface SentRequest {
	method: string;
	url: string;
	headers: Record<string, string>;
}

/** What belongs to one run, found again from n8n's process-wide services. */
export interface RunScope {
	logs: string[];
	requests: SentRequest[];
	refusedHosts: string[];
	allowedHosts: readonly string[];
	deduplication: IDataDeduplicator;
	onRequest?: (request: SentRequest) => void;
}

/** A worker of Jest loads n8n once for all its files, and each file these modules: what n8n was given outlasts them. */
const ofWorker = globalThis as { [key: symbol]: unknown };
const SCOPES = Symbol.for('n8n engine: scopes');
const PREPARED = Symbol.for('n8n engine: prepared');

const scopes = (ofWorker[SCOPES] ??= new AsyncLocalStorage()) as AsyncLocalStorage<RunScope>;

/** An error in log metadata as n8n's own logger writes it. */
function plainError({ name, message, stack, cause }: Error): Record<string, unknown> {
	return { name, message, stack, cause };
}

function describe(metadata: LogMetadata): string {
	const seen = new Set<unknown>();
	return JSON.stringify(metadata, (_key, value: unknown) => {
		if (typeof value !== 'object' || value === null) return value;
		if (seen.has(value)) return '[seen]';
		seen.add(value);
		return value instanceof Error ? plainError(value) : value;
	});
}

function write(level: string, message: string, metadata?: LogMetadata): void {
	const line = metadata === undefined ? `${level}: ${message}` : `${level}: ${message} ${describe(metadata)}`;
	scopes.getStore()?.logs.push(line);
}

/** n8n's Logger class has private fields, so only a cast makes another object one. */
const logger = {
	error: (message: string, metadata?: LogMetadata) => write('error', message, metadata),
	warn: (message: string, metadata?: LogMetadata) => write('warn', message, metadata),
	info: (message: string, metadata?: LogMetadata) => write('info', message, metadata),
	debug: (message: string, metadata?: LogMetadata) => write('debug', message, metadata),
	scoped: (): Logger => logger,
} as unknown as Logger;

function currentDeduplication(): IDataDeduplicator {
	const scope = scopes.getStore();
	if (scope === undefined) throw new Error('Deduplication was used outside a run');
	return scope.deduplication;
}

/** n8n keeps one deduplication service per process; each run reaches its own engine's store through it. */
const deduplicationOfRun: IDataDeduplicator = {
	checkProcessedAndRecord: async (...call) => currentDeduplication().checkProcessedAndRecord(...call),
	removeProcessed: async (...call) => currentDeduplication().removeProcessed(...call),
	clearAllProcessedItems: async (...call) => currentDeduplication().clearAllProcessedItems(...call),
	getProcessedDataCount: async (...call) => currentDeduplication().getProcessedDataCount(...call),
};

/** Sets n8n's process-wide services up, once. */
export async function prepareRuntime(): Promise<void> {
	ofWorker[PREPARED] ??= (async () => {
		Container.set(Logger, logger);
		LoggerProxy.init(logger);
		Container.get(InstanceSettings);
		rmSync(userFolder, { recursive: true, force: true });
		await DataDeduplicationService.init(deduplicationOfRun);
	})();
	await (ofWorker[PREPARED] as Promise<void>);
}

const loopback = /^(127\.\d+\.\d+\.\d+|localhost|\[?::1\]?)$/;

function sentRequest(request: ClientRequest): SentRequest {
	const headers = Object.fromEntries(
		Object.entries(request.getHeaders()).map(([name, value]) => [name, String(value)]),
	);
	const host = headers.host ?? request.host;
	return { method: request.method, url: `${request.protocol}//${host}${request.path}`, headers };
}

function onRequestStart(message: unknown): void {
	const scope = scopes.getStore();
	if (scope === undefined) return;
	const { request } = message as { request: ClientRequest };
	if (!loopback.test(request.host) && !scope.allowedHosts.includes(request.host)) {
		scope.refusedHosts.push(request.host);
		request.destroy(new Error(`Test runs stay on loopback: ${request.host} was not contacted`));
		return;
	}
	const sent = sentRequest(request);
	scope.requests.push(sent);
	scope.onRequest?.(sent);
}

const channel = 'http.client.request.start';
let openScopes = 0;

/**
 * Runs `work` so that its logs, requests and deduplication calls land in `scope`.
 * Node's request channel is left as soon as no run needs it: a listener that stays would keep
 * every finished test file's modules in memory.
 */
export async function inScope<T>(scope: RunScope, work: () => Promise<T>): Promise<T> {
	await prepareRuntime();
	if (openScopes++ === 0) subscribe(channel, onRequestStart);
	try {
		return await scopes.run(scope, work);
	} finally {
		if (--openScopes === 0) unsubscribe(channel, onRequestStart);
	}
}
