// Device authorizations: a device asks for tokens with a device code until a user has entered the user code in a browser.
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { Attempt } from "./AuthKitAttempt.ts"
import * as Ulid from "../Ulid.ts"

/** The lifetime of a device code, in seconds. */
const lifetime = 300

/** The initial interval between two requests of a device, and the step by which `slow_down` increases the interval. */
const interval = 5

/** A device authorization. */
interface Device {
  readonly clientId: string
  readonly deviceCode: string
  readonly userCode: string
  /** The time of expiry, in milliseconds. */
  readonly until: number
  readonly interval: number
  readonly polledAt: number | undefined
  readonly state: "pending" | "denied" | Attempt
}

/** The result of a request for tokens. An approved or denied code is used up. */
type Polled = Attempt | "pending" | "slow_down" | "expired" | "denied" | "unknown"

export interface Devices {
  readonly expiresIn: number
  readonly interval: number
  readonly start: (clientId: string) => Effect.Effect<Device>
  /** Returns the pending authorization with a user code. Spaces, dashes and lower case do not matter. */
  readonly findPending: (userCode: string) => Effect.Effect<Device | undefined>
  /** Approves or denies an authorization. Returns `false` if the authorization is no longer pending. */
  readonly decide: (userCode: string, decision: Attempt | "denied") => Effect.Effect<boolean>
  readonly poll: (deviceCode: string, clientId: string) => Effect.Effect<Polled>
  /** All pending authorizations. */
  readonly pending: Effect.Effect<ReadonlyArray<Device>>
}

// Letters that cannot be confused with others or with digits, and that form no words.
const letters = "BCDFGHJKLMNPQRSTVWXZ"

const normalize = (userCode: string): string => userCode.toUpperCase().replaceAll(/[^A-Z]/g, "")

/** Makes the authorizations of an emulator. */
export const make = (): Devices => {
  const devices = new Map<string, Device>()

  const isPending = ({ state, until }: Device, now: number): boolean => state === "pending" && until > now

  const findPending = (userCode: string) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const text = normalize(userCode)
      return [...devices.values()].find((device) => normalize(device.userCode) === text && isPending(device, now))
    })

  return {
    expiresIn: lifetime,
    interval,
    start: Effect.fnUntraced(function* (clientId) {
      const random = yield* Random.Random
      const now = yield* Clock.currentTimeMillis
      // An expired code is known for as long again, so that the device learns that the code has expired.
      for (const { deviceCode, until } of devices.values()) {
        if (until + lifetime * 1000 <= now) devices.delete(deviceCode)
      }
      const part = () =>
        Array.from({ length: 4 }, () => letters[Math.floor(random.nextDoubleUnsafe() * letters.length)]).join("")
      const device: Device = {
        clientId,
        deviceCode: Ulid.randomString(40, random),
        userCode: `${part()}-${part()}`,
        until: now + lifetime * 1000,
        interval,
        polledAt: undefined,
        state: "pending"
      }
      devices.set(device.deviceCode, device)
      return device
    }),
    findPending,
    decide: (userCode, state) =>
      Effect.map(findPending(userCode), (device) => {
        if (device !== undefined) devices.set(device.deviceCode, { ...device, state })
        return device !== undefined
      }),
    poll: (deviceCode, clientId) =>
      Effect.map(Clock.currentTimeMillis, (now): Polled => {
        const device = devices.get(deviceCode)
        if (device === undefined || device.clientId !== clientId) return "unknown"
        if (device.until <= now) return "expired"
        if (device.state !== "pending") {
          devices.delete(deviceCode)
          return device.state
        }
        const isEarly = device.polledAt !== undefined && now - device.polledAt < device.interval * 1000
        devices.set(deviceCode, {
          ...device,
          polledAt: now,
          interval: device.interval + (isEarly ? interval : 0)
        })
        return isEarly ? "slow_down" : "pending"
      }),
    pending: Effect.map(Clock.currentTimeMillis, (now) =>
      [...devices.values()].filter((device) => isPending(device, now))
    )
  }
}
