import { z } from 'zod'
import { day, moment } from './day.ts'

export const uploadInfo = z
  .object({
    id: z.string(),
    fileName: z.string(),
    bytes: z.int(),
    from: day.nullable().describe('The first day that it touched; `null` until it is read.'),
    to: day.nullable(),
    createdAt: moment,
    undone: z.boolean(),
    replacedBy: z
      .string()
      .nullable()
      .describe('The id of a newer version of the file, which counts in place of this one.'),
    jobId: z.string().nullable(),
  })
  .meta({ id: 'UploadInfo' })

/** What a file leaves open and a person has to decide, because each choice gives other values. */
export const fileQuestion = z
  .object({
    column: z.string(),
    question: z.string().describe('One sentence.'),
    choices: z
      .array(
        z.object({
          value: z.string(),
          example: z.string().describe('What a cell of the file means by it.'),
          set: z.record(z.string(), z.string()).describe('What it sets in the mapping, by JSON pointer.'),
        }),
      )
      .describe('At least two. The first is what the guessed mapping says.'),
  })
  .meta({ id: 'FileQuestion' })

/** How a file can be read, as far as its beginning shows. */
export const fileGuess = z
  .object({
    mapping: z.unknown(),
    questions: z
      .array(fileQuestion)
      .describe('While there are any, the mapping is used only when a person sends it back.'),
    preview: z.object({
      header: z.array(z.string()),
      rows: z.array(z.array(z.string())),
      candidates: z.unknown().describe('The guessed mapping with every column that can be imported.'),
    }),
  })
  .meta({ id: 'FileGuess' })

export type UploadInfo = z.infer<typeof uploadInfo>
