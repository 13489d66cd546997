/**
 * What the REST of all services has in common: the gate ({@link org.postbus.rest.RequestGate}), problems
 * ({@link org.postbus.rest.ProblemType}), pages ({@link org.postbus.rest.Page}), strict JSON, the bound of bodies and the
 * description of the API. In a process of several services there is one of each.
 */
package org.postbus.rest;
