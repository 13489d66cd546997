package org.postbus.protocol.pop3;

import java.util.Optional;
import org.postbus.protocol.sasl.Credentials;
import org.postbus.protocol.sasl.SaslDialog;
import org.postbus.protocol.sasl.SaslMechanism;

/** The AUTHORIZATION state (RFC 1939 section 4): who the client is, and under which protection it says so. */
final class Authorization implements State {

    private final Dialogue dialogue;
    private final SessionSecurity security;
    /** What USER said last. */
    private Optional<String> name = Optional.empty();

    Authorization(Dialogue dialogue, SessionSecurity security) {
        this.dialogue = dialogue;
        this.security = security;
    }

    @Override
    public void execute(Verb verb, String argument) {
        switch (verb) {
            case CAPA -> dialogue.say(Response.CAPABILITIES, security.capabilities(false));
            case QUIT -> dialogue.end(Response.BYE);
            case USER -> user(argument);
            case PASS -> pass(argument);
            case AUTH -> logIn(argument);
            case STLS -> startTls();
            case UTF8 -> {
                security.useUtf8();
                dialogue.say(Response.UTF8_MODE);
            }
            case STAT, LIST, UIDL, RETR, TOP, DELE, RSET, NOOP -> throw new IllegalStateException("not allowed: " + verb);
        }
    }

    /** Always +OK: whether a name exists is told to nobody without its password. */
    private void user(String given) {
        security.refusalOfLogin().ifPresentOrElse(dialogue::bad, () -> {
            name = Optional.of(given);
            dialogue.say(Response.NAME_TAKEN);
        });
    }

    private void pass(String password) {
        security.refusalOfLogin().ifPresentOrElse(dialogue::bad, () -> name.ifPresentOrElse(
                given -> open(new Credentials(given, password)), () -> dialogue.bad(Response.NAME_FIRST)));
    }

    /** RFC 5034 section 4: a mechanism and, if the client likes, its initial response. */
    private void logIn(String argument) {
        int space = argument.indexOf(' ');
        Optional<SaslMechanism> mechanism = SaslMechanism.of(space < 0 ? argument : argument.substring(0, space));
        Optional<String> response = space < 0 ? Optional.empty() : Optional.of(argument.substring(space + 1));
        security.refusalOfLogin().ifPresentOrElse(dialogue::bad, () -> mechanism.map(SaslDialog::new).ifPresentOrElse(
                dialog -> proceed(dialog, dialog.begin(response)), () -> dialogue.bad(Response.UNKNOWN_MECHANISM)));
    }

    /** Goes on with an exchange, at its beginning or behind a line of the client. */
    void proceed(SaslDialog dialog, SaslDialog.Step step) {
        dialogue.turnToCommands();
        switch (step) {
            case SaslDialog.Step.Challenge(String base64) -> {
                dialogue.turnTo(new Work.LoggingIn(dialog));
                dialogue.say(Response.challenge(base64));
            }
            case SaslDialog.Step.Offered(Credentials credentials) -> open(credentials);
            case SaslDialog.Step.Malformed ignored -> dialogue.bad(Response.BAD_EXCHANGE);
            case SaslDialog.Step.Cancelled ignored -> dialogue.bad(Response.CANCELLED);
            case SaslDialog.Step.Foreign ignored -> refused(Refusal.CREDENTIALS);
        }
    }

    private void open(Credentials credentials) {
        dialogue.ask(new Action.OpenMaildrop(credentials, security.utf8()));
    }

    /** A login did not succeed. Wrong credentials cost time. */
    void refused(Refusal why) {
        name = Optional.empty();
        if (why == Refusal.CREDENTIALS) {
            dialogue.ask(new Action.Wait(security.failed()));
        } else {
            dialogue.turnToCommands();
            dialogue.bad(Response.refused(why));
        }
    }

    private void startTls() {
        security.refusalOfStls().ifPresentOrElse(dialogue::bad, () -> {
            dialogue.say(Response.BEGIN_TLS);
            dialogue.ask(new Action.StartTls());
        });
    }

    /** The handshake has ended well; what was said before it is forgotten. */
    void secured() {
        security.secured();
        name = Optional.empty();
    }
}
