/**
 * Phone numbers.
 *
 * @module
 */
import * as Arbitraries from "../Arbitraries.ts"

/**
 * A phone number in the form of E.164, such as `+15005550006`. The schema accepts every string, and servers validate it.
 */
export const PhoneNumber = Arbitraries.stringMatching(/\+1[2-9][0-9]{2}55501[0-9]{2}/)
