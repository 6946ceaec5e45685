import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import type { HttpRequest, HttpResponse, Provider } from '../provider';
import { MASK, redacted, redactedTexts, redactorOf, redactorExcept, type Redactor } from '../redact';
import { evaluate, type Evaluation } from './evaluate';
import { requestOptions, send, type Sending } from './request';
import { readBody } from './response';

/** Speaks to one provider with one credential: sends a request once, and says what it came to. */
export class Exchange {
	private readonly baseUrl: string;
	private readonly redact: Redactor;

	constructor(
		private readonly context: Sending,
		private readonly provider: Provider,
		private readonly credential: ICredentialDataDecryptedObject,
		private readonly timeout = provider.timeout,
		card?: ICredentialDataDecryptedObject,
	) {
		this.baseUrl = provider.baseUrl(credential);
		this.redact = redactorOf([...provider.secrets(credential), ...cardSecrets(card)]);
	}

	async send<T>(request: HttpRequest, parse: (data: unknown) => T, redact = this.redactorFor(request)) {
		const { context, provider, credential } = this;
		const options = requestOptions(provider, this.baseUrl, request, this.timeout);
		const result = await send(context, provider, credential, options);
		return evaluate(provider, result, parse, redact, request);
	}

	/** Asks outside of a run of a node's items: what comes back is shown or kept, so it is without secrets. */
	async ask<T>(request: HttpRequest, parse: (data: unknown) => T): Promise<Evaluation<T>> {
		return await this.send(request, (data) => redactedTexts(parse(data), this.redact) as T, this.redact);
	}

	/** The request as an item may show it: complete but for the log-in, and without what comes from a credential. */
	shown({ method, path, query, form, json, xml, file, secretFields }: HttpRequest): IDataObject {
		const search = new URLSearchParams({ ...this.provider.query, ...query }).toString();
		const fields = Object.entries(form ?? {}).map(([name, value]): [string, unknown] => [
			name,
			secretFields?.includes(name) ? MASK : value,
		]);
		return {
			method,
			url: `${this.baseUrl}${path}${search === '' ? '' : `?${search}`}`,
			body: form
				? { ...(Object.fromEntries(fields) as IDataObject), ...(file && { [file.field]: file.fileName }) }
				: (json ?? xml ?? null),
		};
	}

	/** A reply as it came, decoded and without secrets; null for an empty one. */
	raw(response: HttpResponse, request: HttpRequest): unknown {
		const body = readBody(response, this.provider.parseXml);
		return 'data' in body ? redacted(body.data, this.redactorFor(request)) : null;
	}

	/** Redacts what a request brought back, but not what the person typed. */
	redactorFor({ form, json, secretFields, query }: HttpRequest): Redactor {
		const typed = Object.entries({ ...query, ...json, ...form }).flatMap(([name, value]) =>
			secretFields?.includes(name) ? [] : textsIn(value),
		);
		return redactorExcept(this.redact, typed);
	}
}

function textsIn(value: unknown): string[] {
	return typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(textsIn);
}

function cardSecrets(credential: ICredentialDataDecryptedObject | undefined): string[] {
	return [credential?.number, credential?.securityCode].flatMap((value) => {
		const stored = String(value ?? '');
		return [stored, stored.replace(/\D/g, '')];
	});
}
