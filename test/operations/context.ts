import {
	NodeHelpers,
	type IExecuteFunctions,
	type INodeParameters,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { Click2Mail } from '../../nodes/Click2Mail/Click2Mail.node';
import { resources as mailResources } from '../../nodes/Click2Mail/resources';
import { Click2MailCredit } from '../../nodes/Click2MailCredit/Click2MailCredit.node';
import { click2Mail } from '../../nodes/Click2MailCredit/provider';
import { resources as click2MailResources } from '../../nodes/Click2MailCredit/resources';
import { ClubTexting } from '../../nodes/ClubTexting/ClubTexting.node';
import { clubTexting } from '../../nodes/ClubTexting/provider';
import { resources as clubTextingResources } from '../../nodes/ClubTexting/resources';
import { EzTexting } from '../../nodes/EzTexting/EzTexting.node';
import { ezTexting } from '../../nodes/EzTexting/provider';
import { resources as ezTextingResources } from '../../nodes/EzTexting/resources';
import { MailPartnerSubaccount } from '../../nodes/MailPartnerSubaccount/MailPartnerSubaccount.node';
import { mailPartner } from '../../nodes/MailPartnerSubaccount/provider';
import { resources as mailPartnerResources } from '../../nodes/MailPartnerSubaccount/resources';
import type { Operation, Resource } from '../../nodes/shared/operation/types';
import type { HttpResponse, Provider } from '../../nodes/shared/provider';
import type { ProviderName } from '../simulator';

/** What a node is made of. */
interface Service {
	provider: Provider;
	resources: Resource[];
	description: INodeTypeDescription;
}

export const services: Record<ProviderName | 'mail', Service> = {
	mail: { provider: click2Mail, resources: mailResources, description: new Click2Mail().description },
	click2mail: {
		provider: click2Mail,
		resources: click2MailResources,
		description: new Click2MailCredit().description,
	},
	clubTexting: {
		provider: clubTexting,
		resources: clubTextingResources,
		description: new ClubTexting().description,
	},
	ezTexting: {
		provider: ezTexting,
		resources: ezTextingResources,
		description: new EzTexting().description,
	},
	mailPartner: {
		provider: mailPartner,
		resources: mailPartnerResources,
		description: new MailPartnerSubaccount().description,
	},
};

/** An operation by resource and name, such as `credit.purchase`. */
export function operationOf({ resources }: Service, path: string): Operation {
	const [resource, name] = path.split('.');
	return resources
		.find(({ option }) => option.value === resource)!
		.operations.find(({ option }) => option.value === name)!;
}

/**
 * n8n's side of a node that runs for one item, without an engine: hundreds of parameters and replies are tried in the
 * time that it takes n8n to run a few workflows.
 *
 * @param path resource and operation
 * @param given parameters; n8n's own defaults for the others
 * @param reply to every request; after it the execution counts as cancelled, so that nothing waits to be tried again
 */
export function contextOf(
	{ description }: Service,
	path: string,
	given: object,
	{ credential = {}, reply }: { credential?: object; reply?: HttpResponse } = {},
): IExecuteFunctions {
	const [resource, operation] = path.split('.');
	const set = { resource, operation, ...given } as INodeParameters;
	const written = NodeHelpers.getNodeParameters(description.properties, set, true, false, null, description);
	// An expression may give nothing where something is written.
	const resolved: INodeParameters = { ...written, ...set };
	const node = { id: 'node', name: 'Node', type: description.name, parameters: written };
	const nodeContext = {};
	const cancel = new AbortController();
	const context = {
		getNode: () => node,
		getNodeParameter: (name: string) => resolved[name],
		getInputData: () => [{ json: {} }],
		getCredentials: async () => await Promise.resolve(credential),
		getContext: () => nodeContext,
		getExecutionId: () => '1',
		getTimezone: () => 'UTC',
		getWorkflow: () => ({ id: '' }),
		getWorkflowDataProxy: () => ({ $runIndex: 0, $execution: {} }),
		getExecutionCancelSignal: () => cancel.signal,
		continueOnFail: () => true,
		helpers: {
			httpRequestWithAuthentication: async () => {
				cancel.abort();
				return await Promise.resolve({
					statusCode: reply!.status,
					headers: reply!.headers,
					body: reply!.text,
				});
			},
		},
	};
	return context as unknown as IExecuteFunctions;
}
