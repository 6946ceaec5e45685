import { SupplyDataContext } from 'n8n-core';
import { makeHandleToolInvocation } from 'n8n-core/dist/execution-engine/node-execution-context/utils/get-input-connection-data';
import { NodeConnectionTypes, Workflow } from 'n8n-workflow';
import type { IDataObject, IExecuteData, INode, IRunExecutionData } from 'n8n-workflow';
import type { TestCredentialsHelper } from './credentials';
import { additionalDataFor, startData } from './execution';
import type { NodeTypeRegistry } from './nodeTypes';
import type { StoredWorkflow } from './workflow';

/** A workflow on n8n's side of an agent's tool. */
export interface ToolHost {
	workflow: StoredWorkflow;
	nodeName: string;
	helper: TestCredentialsHelper;
	nodeTypes: NodeTypeRegistry;
	/** None under n8n's MCP Server Trigger. */
	executionId?: string;
}

/** A tool in the hands of an agent, in one execution. */
export interface Tool {
	/** One call by the model: the text that it gets, or n8n's error. */
	call(args: IDataObject): Promise<string>;
	/** As for a further item of the agent: n8n makes the tool anew, which counts its runs on its own. */
	again(): Tool;
	data: IRunExecutionData;
}

/** Opens a tool as older agents and the MCP Server Trigger do: each call, and each try, is a run of its own. */
export function openTool(host: ToolHost, inScope: <T>(work: () => Promise<T>) => Promise<T>): Tool {
	const { workflow, nodeTypes, helper, executionId } = host;
	const instance = new Workflow({ ...workflow, active: false, nodeTypes });
	const node = instance.getNode(host.nodeName) as INode;
	const additionalData = additionalDataFor(helper, workflow.id);
	additionalData.executionId = executionId;
	const data = startData(node, [[{ json: {} }]]);
	const executeData: IExecuteData = { node, data: { main: [[{ json: {} }]] }, source: null };
	const handle = (): Tool => {
		const invoke = makeHandleToolInvocation(
			(runIndex) =>
				new SupplyDataContext(
					instance,
					node,
					additionalData,
					'trigger',
					data,
					runIndex,
					[{ json: {} }],
					{},
					NodeConnectionTypes.AiTool,
					executeData,
					[],
				),
			node,
			nodeTypes.getByNameAndVersion(node.type, node.typeVersion),
			data,
		);
		return { call: async (args) => await inScope(async () => await invoke(args)), again: handle, data };
	};
	return handle();
}
