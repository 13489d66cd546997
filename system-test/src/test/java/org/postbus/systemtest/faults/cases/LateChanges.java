package org.postbus.systemtest.faults.cases;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.postbus.systemtest.AdminApi;
import org.postbus.systemtest.Await;
import org.postbus.systemtest.SmtpClient;
import org.postbus.systemtest.faults.cluster.Kind;
import org.postbus.systemtest.faults.load.Accounts;
import org.postbus.systemtest.faults.report.Invariant;

/**
 * Changes of the directory behind the point that PostgreSQL is taken back to: gateways have acted by them, so they must hold again, and
 * whatever is changed later must count.
 */
final class LateChanges {

    private static final Duration BACK_WITHIN = Duration.ofSeconds(60);

    private final Scene scene;
    private final String account;
    private final String gone;
    private final String alias;

    /** Before the backup; the names are this restore's own. */
    LateChanges(Scene scene) throws Exception {
        this.scene = scene;
        String suffix = scene.accounts().addresses().size() + "@faults.test";
        this.account = "late-account" + suffix;
        this.gone = "gone-alias" + suffix;
        this.alias = "late-alias" + suffix;
        String target = scene.accounts().addresses().getFirst();
        // PostgreSQL may just have been started, for its archive.
        await("POST", "/aliases", "{\"address\":\"" + gone + "\",\"targets\":[\"" + target + "\"]}", 201);
    }

    /** An account and an alias are made, and another alias goes. Mail goes to the account from now on. */
    void make() {
        scene.accounts().add(admin(), account);
        admin().alias(alias, List.of(account));
        expect("DELETE", "/aliases/" + gone, "", 204);
    }

    /** All of that has to hold again; the account's password is no event and is set anew. */
    void judge() throws Exception {
        String password = "{\"password\":\"" + Accounts.PASSWORD + "\"}";
        if (!await("PATCH", "/accounts/" + account, password, 200)) {
            // Nobody will be able to log in.
            scene.accounts().forget(account);
        }
        expect("GET", "/aliases/" + gone, "", 404);
        expectRecipient(alias, "250");
        expect("DELETE", "/aliases/" + alias, "", 204);
        expectRecipient(alias, "550");
        scene.tally().event("directory changes behind the point, there again");
    }

    /** Repeats what cannot be done yet: PostgreSQL is away, or a moment ago it was, and what it lacks is on its way back. */
    private boolean await(String method, String path, String body, int wanted) throws Exception {
        int[] last = {0};
        try {
            Await.answer("the directory to be known", BACK_WITHIN, () -> {
                last[0] = send(method, path, body);
                return Optional.of(last[0]).filter(status -> status == wanted);
            });
            scene.tally().trials(Invariant.P1, 1);
            return true;
        } catch (AssertionError e) {
            scene.tally().trial(Invariant.P1, false, method + " " + path + ": " + last[0] + " for " + BACK_WITHIN);
            return false;
        }
    }

    private void expect(String method, String path, String body, int wanted) {
        int status = send(method, path, body);
        scene.tally().trial(Invariant.P1, status == wanted, method + " " + path + ": " + status + " in place of " + wanted);
    }

    /** What was made holds for the next RCPT; what was deleted may last as long as the news of it takes. */
    private void expectRecipient(String address, String wanted) throws Exception {
        String[] last = {""};
        try {
            Await.answer("an answer about " + address, BACK_WITHIN, () -> {
                last[0] = recipient(address);
                return Optional.of(last[0]).filter(reply -> reply.startsWith(wanted));
            });
            scene.tally().trials(Invariant.P1, 1);
        } catch (AssertionError e) {
            scene.tally().trial(Invariant.P1, false, "RCPT TO " + address + ": \"" + last[0] + "\" in place of " + wanted);
        }
    }

    private String recipient(String address) throws IOException {
        try (SmtpClient smtp = new SmtpClient(scene.cluster().front(Kind.SMTP).port())) {
            smtp.command("MAIL FROM:<>");
            return smtp.command("RCPT TO:<" + address + ">");
        }
    }

    /** The status; 0 where nobody answers. */
    private int send(String method, String path, String body) {
        try {
            return admin().send(method, "/api/v1" + path, body).statusCode();
        } catch (AssertionError e) {
            return 0;
        }
    }

    private AdminApi admin() {
        return scene.cluster().admin();
    }
}
