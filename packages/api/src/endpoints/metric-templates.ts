import { z } from 'zod'
import { endpoint, json, reading, writing } from '../endpoint.ts'
import { uuid } from '../schemas/ids.ts'
import { bodyMessage, success } from '../schemas/success.ts'
import { metricTemplate, newTemplate } from '../schemas/template.ts'

const id = z.object({ id: uuid })
const template = z.object({ template: metricTemplate })
const badTemplate = ['bad-name', 'unknown-source', 'too-many-metrics'] as const

export const metricTemplateEndpoints = {
  listTemplates: endpoint({
    method: 'GET',
    path: '/api/metric-templates',
    ...reading,
    summary: 'The lists of metrics, in their order',
    answer: json(z.object({ templates: z.array(metricTemplate) })),
  }),
  createTemplate: endpoint({
    method: 'POST',
    path: '/api/metric-templates',
    ...writing,
    summary: 'Create a list of metrics',
    body: newTemplate,
    answer: json(template, 201),
    problems: [...badTemplate, 'too-many-templates'],
  }),
  orderTemplates: endpoint({
    method: 'PUT',
    path: '/api/metric-templates/order',
    ...writing,
    summary: 'Set the order of the lists',
    body: z.strictObject(
      { ids: z.array(z.uuid('must be the id of a template'), 'must be a list of the ids of all templates') },
      bodyMessage,
    ),
    answer: json(success),
    problems: ['bad-order', 'unknown-template'],
  }),
  readTemplate: endpoint({
    method: 'GET',
    path: '/api/metric-templates/{id}',
    ...reading,
    summary: 'One list of metrics',
    params: id,
    answer: json(template),
    problems: ['unknown-template'],
  }),
  replaceTemplate: endpoint({
    method: 'PUT',
    path: '/api/metric-templates/{id}',
    ...writing,
    summary: 'Replace a list of metrics',
    params: id,
    body: newTemplate,
    answer: json(template),
    problems: [...badTemplate, 'unknown-template'],
  }),
  deleteTemplate: endpoint({
    method: 'DELETE',
    path: '/api/metric-templates/{id}',
    ...writing,
    summary: 'Delete a list of metrics',
    params: id,
    answer: json(success),
    problems: ['unknown-template'],
  }),
}
