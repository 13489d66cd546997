package org.postbus.delivery.relay;

import java.util.Optional;
import org.postbus.delivery.dsn.Diagnostic;
import org.postbus.delivery.dsn.RemoteMta;
import org.postbus.delivery.nexthop.Host;
import org.postbus.delivery.queue.Outcome.Word;
import org.postbus.protocol.smtp.client.Failure;
import org.postbus.protocol.smtp.client.RemoteReply;

/** Puts what a remote said, or how it failed, into the words of the queue. */
final class Words {

    private Words() {
    }

    /** @param host that it was said by, or failed with */
    static Word of(Failure failure, Optional<Host> host) {
        return new Word(failure.status(), host.map(Words::remote),
                failure.reply().isPresent() ? Diagnostic.remote(failure.text()) : Diagnostic.own(failure.text()));
    }

    static Word of(RemoteReply reply, Host host) {
        return new Word(reply.status(), Optional.of(remote(host)), Diagnostic.remote(reply.line()));
    }

    private static RemoteMta remote(Host host) {
        return new RemoteMta(host.name(), host.address().getHostAddress());
    }

    /** What we have found ourselves, such as a bad certificate, says nothing of that. */
    static boolean saysTooMuch(Failure failure) {
        return failure.reply().filter(reply -> reply.code() == 421
                || failure.scope() != Failure.Scope.RECIPIENT && reply.status().startsWith("4.7.")).isPresent();
    }
}
