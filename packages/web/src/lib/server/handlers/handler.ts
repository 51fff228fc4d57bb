import type { RequestEvent } from '@sveltejs/kit'
import type { Endpoint } from '@tributary/api'
import type { SignedIn } from '@tributary/engine'
import type { z } from 'zod'

/** What a handler gets of a request: the parts of its path, its query and its body, read by the schemas of its endpoint. */
export type Call<Declared extends Endpoint> = { event: RequestEvent } & Read<Declared, 'params'> &
  Read<Declared, 'query'> &
  Read<Declared, 'body'> &
  Caller<Declared>

type Read<Declared, Name extends 'params' | 'query' | 'body'> =
  Declared extends Record<Name, infer Schema extends z.ZodType> ? Record<Name, z.infer<Schema>> : unknown

/** Who sends it; endpoints that redirect a browser look for that themselves. */
type Caller<Declared extends Endpoint> = Declared['for'] extends 'anybody'
  ? unknown
  : Declared['answer']['kind'] extends 'redirect'
    ? unknown
    : SignedIn

type Result<Declared extends Endpoint> = Declared['answer'] extends {
  kind: 'json'
  schema: infer Schema extends z.ZodType
}
  ? z.infer<Schema> | WithStatus<z.infer<Schema>>
  : Response

/** Answers a call: with the value that the endpoint declares, which is sent as JSON, or else with the response itself. */
export type Handler<Declared extends Endpoint> = (call: Call<Declared>) => Promise<Result<Declared>>

/** A handler for each endpoint of a group. */
export type Handlers<Group extends Record<string, Endpoint>> = { [Name in keyof Group]: Handler<Group[Name]> }

/** A value that is sent with another status than the first one of its endpoint. */
export class WithStatus<Value> {
  readonly status: number
  readonly value: Value

  constructor(status: number, value: Value) {
    this.status = status
    this.value = value
  }
}
