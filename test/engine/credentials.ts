import { getAdditionalKeys } from 'n8n-core';
import type { Credentials } from 'n8n-core';
import { deepCopy, ICredentialsHelper, isExpression, NodeHelpers, Workflow } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentialsExpressionResolveValues,
	ICredentialType,
	IExecuteData,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INode,
	INodeCredentialsDetails,
	INodeParameters,
	INodeProperties,
	IRequestOptionsSimplified,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import type { NodeTypeRegistry } from './nodeTypes';

/** Plain credential data by credential type, as a user would fill the form in; defaults may be left out. */
export type CredentialData = Record<string, ICredentialDataDecryptedObject>;

const formNode: INode = {
	id: 'credential',
	name: 'Credential',
	type: 'n8n-nodes-base.noOp',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** A workflow to resolve expressions in where no run is going on. */
function formWorkflow(nodeTypes: NodeTypeRegistry): Workflow {
	return new Workflow({ nodes: [formNode], connections: {}, active: false, nodeTypes });
}

/**
 * What n8n does between a stored credential and a request. n8n keeps it in its server package
 * (`credentials-helper`), which is no dependency here, so its behaviour is restated: parents first, defaults
 * filled in, expressions resolved, `authenticate` applied.
 */
export class TestCredentialsHelper extends ICredentialsHelper {
	constructor(
		private readonly types: ReadonlyMap<string, ICredentialType>,
		private readonly nodeTypes: NodeTypeRegistry,
		private readonly data: CredentialData,
	) {
		super();
	}

	private find(name: string): ICredentialType {
		const type = this.types.get(name);
		if (type === undefined) throw new Error(`Unrecognized credential type: ${name}`);
		return type;
	}

	getParentTypes(name: string): string[] {
		const parents = this.types.get(name)?.extends ?? [];
		return [...parents, ...parents.flatMap((parent) => this.getParentTypes(parent))];
	}

	isCredentialUsableByNode(credentialType: string, nodeType: string): boolean {
		if (!this.types.get(credentialType)?.restrictToSupportedNodes) return true;
		return this.nodeTypes.nodesUsing(credentialType).includes(nodeType);
	}

	getCredentialsProperties(name: string): INodeProperties[] {
		const type = this.find(name);
		const properties: INodeProperties[] = [];
		for (const parent of type.extends ?? []) {
			NodeHelpers.mergeNodeProperties(properties, this.getCredentialsProperties(parent));
		}
		NodeHelpers.mergeNodeProperties(properties, type.properties);
		return properties;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		requestOptions: IHttpRequestOptions | IRequestOptionsSimplified,
		workflow?: Workflow,
		node?: INode,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = this.find(typeName);
		const options = requestOptions as IHttpRequestOptions;
		if (typeof authenticate === 'function') return authenticate(credentials, options);
		if (authenticate?.type !== 'generic') return options;
		if (workflow === undefined || node === undefined) {
			throw new Error('A generic authenticate needs the workflow and the node');
		}
		const resolve = (value: unknown): string => {
			if (!isExpression(value)) return value as string;
			const keys = { $credentials: credentials };
			const resolved = workflow.expression.getSimpleParameterValue(
				node,
				value,
				'internal',
				keys,
				undefined,
				'',
			);
			return resolved ? String(resolved) : '';
		};
		const parts = options as unknown as Record<string, Record<string, string> | undefined>;
		parts.headers ??= {};
		for (const [part, entries] of Object.entries(authenticate.properties)) {
			const target = (parts[part] ||= {});
			for (const [key, value] of Object.entries(entries as Record<string, unknown>)) {
				target[resolve(key)] = resolve(value);
			}
		}
		return options;
	}

	async preAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		node: INode,
		credentialsExpired: boolean,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const type = this.find(typeName);
		const expirable = type.properties.find(
			(property) => property.type === 'hidden' && property.typeOptions?.expirable === true,
		);
		if (expirable === undefined || type.preAuthentication === undefined) return undefined;
		if (credentials[expirable.name] !== '' && !credentialsExpired) return undefined;
		const output = (await type.preAuthentication.call(
			helpers,
			credentials,
		)) as ICredentialDataDecryptedObject;
		if (output[expirable.name] === undefined || node.credentials === undefined) return undefined;
		this.data[typeName] = { ...this.data[typeName], ...output };
		return Object.assign(credentials, output);
	}

	async runPreAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const output: unknown = await this.find(typeName).preAuthentication?.call(helpers, credentials);
		return (output as ICredentialDataDecryptedObject | null | undefined) ?? undefined;
	}

	async getCredentials(details: INodeCredentialsDetails, type: string): Promise<Credentials> {
		throw new Error(
			`There is no encrypted record of ${details.name} (${type}): tests give credentials as plain data`,
		);
	}

	async getDecrypted(
		additionalData: IWorkflowExecuteAdditionalData,
		details: INodeCredentialsDetails,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		raw?: boolean,
		expressionResolveValues?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		const stored = this.data[type];
		if (stored === undefined) {
			throw new Error(`Credential with ID "${details.id ?? ''}" does not exist for type "${type}".`);
		}
		if (raw === true) return deepCopy(stored);
		return this.applyDefaults(additionalData, stored, type, mode, executeData, expressionResolveValues);
	}

	/** Fills defaults in and resolves expressions, in the run's data where there is a run. */
	applyDefaults(
		additionalData: IWorkflowExecuteAdditionalData,
		stored: ICredentialDataDecryptedObject,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		values?: ICredentialsExpressionResolveValues,
	): ICredentialDataDecryptedObject {
		const properties = this.getCredentialsProperties(type);
		const data = NodeHelpers.getNodeParameters(
			properties,
			deepCopy(stored) as INodeParameters,
			true,
			false,
			null,
			null,
		) as ICredentialDataDecryptedObject;
		// Fields that n8n's own form adds are no properties of the type, so the defaults step drops them.
		for (const added of ['oauthTokenData', 'allowedHttpRequestDomains', 'allowedDomains']) {
			if (data[added] === undefined && stored[added] !== undefined) data[added] = stored[added];
		}
		const keys = getAdditionalKeys(additionalData, mode, null, { isCredential: true });
		if (values === undefined) {
			return formWorkflow(this.nodeTypes).expression.getComplexParameterValue(
				formNode,
				data as INodeParameters,
				mode,
				keys,
				undefined,
				undefined,
				data,
			) as ICredentialDataDecryptedObject;
		}
		try {
			return values.workflow.expression.getParameterValue(
				data as INodeParameters,
				values.runExecutionData,
				values.runIndex,
				values.itemIndex,
				values.node.name,
				values.connectionInputData,
				mode,
				keys,
				executeData,
				false,
				data,
			) as ICredentialDataDecryptedObject;
		} catch (error) {
			if (error instanceof Error) error.message += ' [Error resolving credentials]';
			throw error;
		}
	}

	async updateCredentials(
		_details: INodeCredentialsDetails,
		type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<void> {
		this.data[type] = data;
	}

	async updateCredentialsOauthTokenData(
		_details: INodeCredentialsDetails,
		type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<void> {
		this.data[type] = { ...this.data[type], oauthTokenData: data.oauthTokenData ?? '' };
	}
}
